import type { RevocationMemory } from '#gatehouse/auth';
import { ownConnections } from '#gatehouse/database';
import { type Clock, type Logger, type Secret, systemClock } from '#gatehouse/platform';
import { type Listening, PostgresRevocations, type RevocationDatabase } from './postgres-revocations.js';
import { newsLimits, ServerNews } from './revocation-news.js';

export interface SharedRevocations {
  /** For the guard: the option `revocations` of `createAuthenticator`. */
  readonly memory: RevocationMemory;
  /**
   * Resolves after the first attempt to listen, even if the server is down. Rejects with an {@link ExitError} 78 if
   * an operator must act first: a pooler that shares sessions, a wrong password. Await it at start, like the
   * migrations.
   */
  start(): Promise<void>;
  /** Closes the listening connection immediately. The database is closed by its owner, after this. */
  close(): Promise<void>;
}

interface SharedRevocationsOptions {
  /**
   * The todo database. Nothing is created in it: until it is migrated, methods of `memory` reject, and the guard
   * retries.
   */
  readonly database: RevocationDatabase;
  /** DATABASE_URL; undefined for an embedded database, which only one process uses. */
  readonly url: Secret | undefined;
  /** DATABASE_LISTEN_URL; defaults to `url`. */
  readonly listenUrl: Secret | undefined;
  readonly log: Logger;
  readonly clock?: Clock;
}

const poolerAdvice =
  'DATABASE_LISTEN_URL (DATABASE_URL if that is unset) goes through a connection pooler that does not give each connection ' +
  'a session of its own. LISTEN needs a direct connection or a session pooler: set DATABASE_LISTEN_URL to a URL of ' +
  'PostgreSQL itself, or pool_mode = session in the pooler: docs/database.md';

/** With one process there is nobody to listen to. */
const noNews: Listening & Omit<SharedRevocations, 'memory'> = {
  listen: () => ({ problem: () => undefined, close: () => Promise.resolve() }),
  start: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/**
 * Returns revocations that all replicas on `database` share. Throws {@link ExitError} 78 if the URL to listen at, or a file that it
 * names, cannot be read.
 *
 *     const { DATABASE_URL: url, DATABASE_LISTEN_URL: listenUrl } = config;
 *     const revocations = postgresRevocations({ database, url, listenUrl, log });
 *     shutdown.add('revocations', () => revocations.close());
 *     createAuthenticator(config, { …, revocations: revocations.memory });
 *     await revocations.start();
 */
export function postgresRevocations(options: SharedRevocationsOptions): SharedRevocations {
  const { database, log, clock = systemClock } = options;
  const news = database.kind === 'embedded' ? noNews : serverNews(options);
  const memory = new PostgresRevocations({ database, news, clock, log });
  return { memory, start: () => news.start(), close: () => news.close() };
}

function serverNews({ url, listenUrl, log }: SharedRevocationsOptions) {
  const chosen = listenUrl ?? url;
  if (!chosen) return noNews;
  const setting = listenUrl ? 'DATABASE_LISTEN_URL' : 'DATABASE_URL';
  const { answerMs } = newsLimits;
  return new ServerNews(ownConnections({ name: 'todo', url: chosen, setting, poolerAdvice, answerMs }), log);
}
