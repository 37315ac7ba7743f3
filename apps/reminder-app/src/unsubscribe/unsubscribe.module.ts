import { type DynamicModule, Module, type OnModuleDestroy } from '@nestjs/common';
import type { Database } from '#gatehouse/database';
import type { Logger } from '#gatehouse/platform';
import type { ReminderConfig } from '../config.js';
import type { StorageOptions } from '../storage.js';
import { CONFIG, DATABASE, LOG, StorageModule } from '../storage.module.js';
import { UnsubscribeLinks } from './unsubscribe-link.js';
import { UnsubscribeServer } from './unsubscribe-server.js';
import { UnsubscriptionRepository } from './unsubscription.repository.js';

/** The links in the mails and the page behind them, which listens once it is asked to. */
@Module({
  providers: [
    {
      provide: UnsubscribeLinks,
      inject: [CONFIG],
      useFactory: (config: ReminderConfig) =>
        new UnsubscribeLinks(config.UNSUBSCRIBE_URL, config.UNSUBSCRIBE_KEY),
    },
    {
      provide: UnsubscribeServer,
      inject: [CONFIG, LOG, DATABASE, UnsubscribeLinks],
      useFactory: (config: ReminderConfig, log: Logger, { pool }: Database, links: UnsubscribeLinks) =>
        new UnsubscribeServer({
          host: config.HOST,
          port: config.PORT,
          people: new UnsubscriptionRepository(pool),
          links,
          log,
        }),
    },
  ],
  exports: [UnsubscribeLinks, UnsubscribeServer],
})
export class UnsubscribeModule implements OnModuleDestroy {
  static forRoot(config: ReminderConfig, options: StorageOptions): DynamicModule {
    return { module: UnsubscribeModule, imports: [StorageModule.forRoot(config, options)] };
  }

  constructor(private readonly server: UnsubscribeServer) {}

  onModuleDestroy(): Promise<void> {
    return this.server.close();
  }
}
