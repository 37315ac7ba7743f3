import { type DynamicModule, Module } from '@nestjs/common';
import type { Database } from '#gatehouse/database';
import type { ReminderConfig } from '../config.js';
import type { StorageOptions } from '../storage.js';
import { DATABASE, StorageModule } from '../storage.module.js';
import { LedgerReview } from './ledger-review.js';

/** What `ledger` works with: no credential, no mail server. */
@Module({
  providers: [
    {
      provide: LedgerReview,
      inject: [DATABASE],
      useFactory: (database: Database) => new LedgerReview(database),
    },
  ],
})
export class LedgerReviewModule {
  static forRoot(config: ReminderConfig, options: StorageOptions): DynamicModule {
    return { module: LedgerReviewModule, imports: [StorageModule.forRoot(config, options)] };
  }
}
