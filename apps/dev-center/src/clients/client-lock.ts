import type { Database } from '#gatehouse/database';
import { exitCodes, ExitError } from '#gatehouse/platform';

/**
 * The clients that this process is working on. An embedded database has one session, in which a lock excludes nobody.
 */
const busy = new Set<string>();

/**
 * Runs `work` on a client while no other command and no other process works on it. Throws an ExitError 1 if one does.
 * On a server the lock belongs to a database connection and ends with it, so a killed process leaves none behind.
 */
export async function withClientLock<T>(
  database: Database,
  client: string,
  work: () => Promise<T>,
): Promise<T> {
  if (busy.has(client)) throw clientIsBusy(client);
  busy.add(client);
  try {
    return await (database.kind === 'embedded' ? work() : withAdvisoryLock(database, client, work));
  } finally {
    busy.delete(client);
  }
}

async function withAdvisoryLock<T>({ pool }: Database, client: string, work: () => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  // Losing the connection releases the lock. Then the conditions of each update keep two commands from interfering.
  connection.on('error', () => undefined);
  try {
    const { rows } = await connection.query<{ taken: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
      [`gatehouse client ${client}`],
    );
    if (!rows[0]?.taken) throw clientIsBusy(client);
    return await work();
  } finally {
    // Closes the connection, which releases the lock.
    connection.release(true);
  }
}

const clientIsBusy = (client: string): ExitError =>
  new ExitError(
    `Another command is issuing, rotating or revoking a credential of ${client}. Nothing was changed: check ` +
      '"npm run credentials -- list" in a moment, and repeat the command if it is still needed.',
    exitCodes.workHeld,
  );
