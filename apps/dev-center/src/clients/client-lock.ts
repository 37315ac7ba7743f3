import type { Database } from '#gatehouse/database';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { LockSession } from './lock-session.js';

/**
 * The clients that this process is working on. All its advisory locks belong to one session, in which a lock excludes
 * nobody; an embedded database has only one.
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

/**
 * The session of each database that has this process's locks. A lock is held until a person has seen a secret, so a
 * connection for each would use up the pool, which the commands need themselves.
 */
const sessions = new WeakMap<Database, LockSession>();

async function withAdvisoryLock<T>(database: Database, client: string, work: () => Promise<T>): Promise<T> {
  const session = sessions.get(database) ?? new LockSession(database, () => sessions.delete(database));
  sessions.set(database, session);
  return session.use(async () => {
    if (!(await session.tryLock(client))) throw clientIsBusy(client);
    return work().finally(() => session.unlock(client));
  });
}

const clientIsBusy = (client: string): ExitError =>
  new ExitError(
    `Another command is issuing, rotating or revoking a credential of ${client}. Nothing was changed: check ` +
      '"npm run credentials -- list" in a moment, and repeat the command if it is still needed.',
    exitCodes.workHeld,
  );
