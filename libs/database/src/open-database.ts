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
  /** The PostgreSQL schema of this app's tables, so that both apps can share one DATABASE_URL. */
  readonly schema: DatabaseName;
  close(): Promise<void>;
}

interface DatabaseOptions {
  readonly name: DatabaseName;
  /** The URL of a PostgreSQL server; without it the database is embedded in `dataDir`. */
  readonly url?: Secret | undefined;
  /** Parent directory of embedded databases; created if missing. */
  readonly dataDir: string;
  readonly log: Logger;
  /** An initialised data directory to copy for a new embedded database; saves the seconds of initialising one. */
  readonly template?: string | undefined;
}

/**
 * Opens the server at `url`, or PostgreSQL embedded in this process. Does not fail if a server is down; its queries
 * do, until it is back. Throws {@link ExitError} 75 if another process uses the embedded directory, 78 if `url`, or a
 * file that it names, cannot be read.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { name, url, dataDir, log, template } = options;
  const opened = url ? openServer(name, url) : await openEmbedded(name, join(dataDir, name), template);
  // The pool replaces an idle connection that breaks; without a listener the error would end the process.
  opened.pool.on('error', (error) => log.warn({ err: error, database: name }, 'database connection lost'));
  // The pool does not listen to a connection in use; its loss shows at the next statement.
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
  // The pool hands out a connection only after this promise is fulfilled; its types do not say so.
  const options = { ...connection, onConnect: (client: pg.ClientBase) => sessions.prepare(client) };
  const pool = new pg.Pool(options);
  return { pool, close: () => pool.end() };
}
