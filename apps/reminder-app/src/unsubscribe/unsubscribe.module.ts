import { type DynamicModule, Module, type OnModuleDestroy } from '@nestjs/common';
import type { Database } from '#gatehouse/database';
import type { ReminderConfig } from '../config.js';
import type { StorageOptions } from '../ledger/storage.js';
import { CONFIG, DATABASE, OPTIONS, StorageModule } from '../ledger/storage.module.js';
import { UnsubscribeLinks } from './unsubscribe-link.js';
import { UnsubscribeServer } from './unsubscribe-server.js';
import { UnsubscriptionRepository } from './unsubscription.repository.js';

/** The links in the mails and the server of their page, which listens on demand. */
@Module({
  providers: [
    {
      provide: UnsubscribeLinks,
      inject: [CONFIG],
      useFactory: ({ UNSUBSCRIBE_URL, UNSUBSCRIBE_KEY }: ReminderConfig) =>
        new UnsubscribeLinks(UNSUBSCRIBE_URL, UNSUBSCRIBE_KEY),
    },
    {
      provide: UnsubscribeServer,
      inject: [CONFIG, OPTIONS, DATABASE, UnsubscribeLinks],
      useFactory: (
        { HOST: host, PORT: port }: ReminderConfig,
        { log }: StorageOptions,
        { pool }: Database,
        links: UnsubscribeLinks,
      ) => new UnsubscribeServer({ host, port, people: new UnsubscriptionRepository(pool), links, log }),
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
