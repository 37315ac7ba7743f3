import { existsSync, mkdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { exitCodes, ExitError, HeldElsewhere, lockPath, NoLocksHere, unwritable } from '#gatehouse/platform';
import { PGliteStream } from './pglite-stream.js';
import { sessionSettings, timeLimits } from './session.js';

/**
 * Opens PostgreSQL in this process, with its files in `directory`, behind an ordinary pool. Acknowledged writes
 * survive a killed process; it does not call fsync, so a power failure may lose the last ones. Throws {@link
 * ExitError} 75 if another process has it open, 78 if it cannot be written or locked.
 */
export async function openEmbedded(schema: string, directory: string, template?: string) {
  const unlock = lockDirectory(directory);
  try {
    const pglite = await startPGlite(schema, directory, template);
    const pool = new pg.Pool({
      // One session: a second connection would share, and roll back, the transaction of the first.
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: timeLimits.connectMs,
      user: 'postgres',
      stream: () => new PGliteStream(pglite),
    });
    const close = async () => {
      await pool.end();
      await pglite.close();
      unlock();
    };
    return { pool, close };
  } catch (error) {
    unlock();
    throw unwritable(directory, error);
  }
}

/** Locks the directory, because two PGlite processes on one directory lose rows without an error. */
function lockDirectory(directory: string): () => void {
  try {
    mkdirSync(dirname(directory), { recursive: true, mode: 0o700 });
    return lockPath(directory);
  } catch (error) {
    if (error instanceof HeldElsewhere) {
      throw new ExitError(
        `The embedded database in ${directory} is in use by ${error.holder}. ` +
          'Stop that process, choose another DATA_DIR, or give both a PostgreSQL server with DATABASE_URL.',
        exitCodes.directoryInUse,
      );
    }
    if (error instanceof NoLocksHere) {
      throw new ExitError(
        `The embedded database cannot be stored in ${directory}: locks on ${error.fileSystem} do not exclude other machines. ` +
          'Set DATA_DIR to a directory on a local disk (a named volume for containers), or use a PostgreSQL server ' +
          'with DATABASE_URL.',
        exitCodes.badConfiguration,
      );
    }
    throw unwritable(directory, error);
  }
}

/**
 * PostgreSQL clears all of its buffers, 128 MB by default, at each start; the operating system caches the files as
 * well.
 */
const smallMemory = { shared_buffers: '16MB' };

async function startPGlite(schema: string, directory: string, template?: string): Promise<PGlite> {
  const settings = Object.entries({ ...sessionSettings(schema), ...smallMemory }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const isNew = !existsSync(join(directory, 'PG_VERSION'));
  if (template && isNew) await cp(template, directory, { recursive: true });
  return PGlite.create(directory, {
    startParams: [...PGlite.defaultStartParams, ...settings],
  });
}
