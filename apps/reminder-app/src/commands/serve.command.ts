import type { AppParts } from '#gatehouse/platform';
import type { ReminderConfig } from '../config.js';
import { openStorage, prepareStorage, withDatabase } from '../storage.js';
import { UnsubscribeLinks } from '../unsubscribe/unsubscribe-link.js';
import { serveUnsubscribe } from '../unsubscribe/unsubscribe-server.js';
import { UnsubscriptionRepository } from '../unsubscribe/unsubscription.repository.js';

/** `serve`: the page where people unsubscribe, until a signal. */
export async function serve(config: ReminderConfig, { log, shutdown }: AppParts): Promise<void> {
  const database = await openStorage(config, log);
  shutdown.add('database', () => database.close());
  await withDatabase(() => prepareStorage(database, log));
  const served = await serveUnsubscribe({
    host: config.HOST,
    port: config.PORT,
    links: new UnsubscribeLinks(config.UNSUBSCRIBE_URL, config.UNSUBSCRIBE_KEY),
    people: new UnsubscriptionRepository(database.pool),
    log,
  });
  shutdown.add('page', () => served.close());
  log.info({ url: served.url }, 'listening');
}
