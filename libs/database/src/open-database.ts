import { join } from 'node:path';
import pg from 'pg';
import type { Logger, Secret } from '#gatehouse/platform';
import { openEmbedded } from './embedded.js';
import { serverUrl } from './server-url.js';
import { Sessions, timeLimits } from './session.js';

export type DatabaseName = 'todo' | 'reminder';

export interface Database {
  readonly pool: pg.Pool;
  readonly kind: 'server' | 'embedded';
  /** The PostgreSQL schema that holds this history; it lets both apps share one DATABASE_URL. */
  readonly schema: DatabaseName;
  close(): Promise<void>;
}

interface DatabaseOptions {
  readonly name: DatabaseName;
  /** A PostgreSQL server; absent = embedded in `dataDir`. */
  readonly url?: Secret | undefined;
  /** Parent directory of embedded databases; created when missing. */
  readonly dataDir: string;
  readonly log: Logger;
  /** A freshly initialised data directory to start a new embedded database from; saves the seconds of initialising one. */
  readonly template?: string | undefined;
}

/**
 * Opens the server behind `url`, or PostgreSQL embedded in this process. Never fails because a server is down: its
 * queries do, until it is back. Throws {@link ExitError} 75 when another process holds the embedded directory, 78
 * when `url`, or a file that it names, cannot be read.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { name, url, dataDir, log, template } = options;
  const opened = url ? openServer(name, url) : await openEmbedded(name, join(dataDir, name), template);
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  opened.pool.on('error', (error) => log.warn({ err: error, database: name }, 'database connection lost'));
  // The pool does not listen to a connection while it is lent out; the loss shows at the next statement.
  opened.pool.on('connect', (client) => client.on('error', () => {}));
  let closing: Promise<void> | undefined;
  return {
    pool: opened.pool,
    kind: url ? 'server' : 'embedded',
    schema: name,
    close: () => (closing ??= opened.close()),
  };
}

function openServer(name: DatabaseName, secret: Secret) {
  const connection = {
    connectionString: serverUrl(secret).href,
    application_name: `gatehouse-${name}`,
    keepAlive: true,
    connectionTimeoutMillis: timeLimits.connectMs,
    query_timeout: timeLimits.answerMs,
  };
  const sessions = new Sessions(name, connection);
  // The pool lends a connection once this is fulfilled; its types do not say so.
  const options = { ...connection, onConnect: (client: pg.ClientBase) => sessions.prepare(client) };
  const pool = new pg.Pool(options);
  return { pool, close: () => pool.end() };
}
