import type { Database } from '#gatehouse/database';
import type { AppParts } from '#gatehouse/platform';
import type { ReminderConfig } from '../config.js';
import { prepareStorage, withDatabase } from '../ledger/storage.js';
import { DATABASE, startContext } from '../ledger/storage.module.js';
import { UnsubscribeModule } from '../unsubscribe/unsubscribe.module.js';
import { UnsubscribeServer } from '../unsubscribe/unsubscribe-server.js';

/** Runs `serve`: the unsubscribe page, until a signal. */
export async function serve(config: ReminderConfig, { log, shutdown }: AppParts): Promise<void> {
  const context = await startContext(UnsubscribeModule.forRoot(config, { log }), log);
  shutdown.add('page', () => context.close());
  await withDatabase(() => prepareStorage(context.get<Database>(DATABASE), log));
  const { url } = await context.get(UnsubscribeServer).serve();
  log.info({ url }, 'listening');
}
