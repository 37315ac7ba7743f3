import {
  type DynamicModule,
  type INestApplicationContext,
  Inject,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Database } from '#gatehouse/database';
import { closePart, type Logger, nestLogger } from '#gatehouse/platform';
import type { ReminderConfig } from '../config.js';
import { openStorage, type StorageOptions } from './storage.js';

export const CONFIG = Symbol('settings of the Reminder App');
export const OPTIONS = Symbol('options of the Reminder App');
export const DATABASE = Symbol('database of the Reminder App');

/** The parts that every command needs: settings, options, and the database, which closes last. */
@Module({})
export class StorageModule implements OnApplicationShutdown {
  static forRoot(config: ReminderConfig, options: StorageOptions): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: OPTIONS, useValue: options },
        { provide: DATABASE, useFactory: () => openStorage(config, options.log, options.template) },
      ],
      exports: [CONFIG, OPTIONS, DATABASE],
    };
  }

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OPTIONS) private readonly options: StorageOptions,
  ) {}

  onApplicationShutdown(): Promise<void> {
    return closePart(this.options.log, 'database', () => this.database.close());
  }
}

/**
 * Starts a module without an HTTP server; closing the context closes what the module opened. Signals are left to
 * `runApp`, which bounds the time of closing and sets the exit code: Nest's own shutdown hooks would end the process
 * by the signal. Throws the error of a provider.
 */
export const startContext = (module: DynamicModule, log: Logger): Promise<INestApplicationContext> =>
  NestFactory.createApplicationContext(module, { logger: nestLogger(log), abortOnError: false });
