import type { Database } from '#gatehouse/database';
import { exitCodes, ExitError } from '#gatehouse/platform';

/** The names at work in this process. An embedded database has one session, in which a lock excludes nobody. */
const busy = new Set<string>();

/**
 * Runs `work` on a client while no other command and no other process works on it. Throws an ExitError 1 when one does.
 * On a server it is a lock of the database, which goes with its connection, so a killed process leaves none behind.
 */
export async function oneAtATime<T>(database: Database, client: string, work: () => Promise<T>): Promise<T> {
  if (busy.has(client)) throw atWork(client);
  busy.add(client);
  try {
    return await (database.kind === 'embedded' ? work() : withLock(database, client, work));
  } finally {
    busy.delete(client);
  }
}

async function withLock<T>({ pool }: Database, client: string, work: () => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  // A connection that is lost meanwhile takes the lock with it: then the conditions of each change keep two apart.
  connection.on('error', () => undefined);
  const key = [`gatehouse client ${client}`];
  try {
    const { rows } = await connection.query<{ taken: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
      key,
    );
    if (!rows[0]?.taken) throw atWork(client);
    return await work();
  } finally {
    // The lock goes with the session.
    connection.release(true);
  }
}

const atWork = (client: string): ExitError =>
  new ExitError(
    `Somebody else is just issuing, rotating or revoking a credential of ${client}. Nothing was changed: look at ` +
      '"npm run credentials -- list" in a moment, and repeat the command if it is still needed.',
    exitCodes.workHeld,
  );
