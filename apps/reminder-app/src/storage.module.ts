import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Database } from '#gatehouse/database';
import { closePart, type Logger } from '#gatehouse/platform';
import type { ReminderConfig } from './config.js';
import { openStorage, type StorageOptions } from './storage.js';

export const CONFIG = Symbol('settings of the Reminder App');
export const LOG = Symbol('log of the Reminder App');
export const DATABASE = Symbol('database of the Reminder App');

/** What every command stands on: the settings, the log, and the database, closed after everything that writes to it. */
@Module({})
export class StorageModule implements OnApplicationShutdown {
  static forRoot(config: ReminderConfig, { log, template }: StorageOptions): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
        { provide: DATABASE, useFactory: () => openStorage(config, log, template) },
      ],
      exports: [CONFIG, LOG, DATABASE],
    };
  }

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationShutdown(): Promise<void> {
    return closePart(this.log, 'database', () => this.database.close());
  }
}
