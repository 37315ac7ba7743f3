import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { isRunning, processIdentity } from './process-identity.js';

/**
 * Makes this process the only one that works in `directory`, until the returned function is called or the process is
 * gone. Two PGlite processes on one directory lose rows without any error. Throws {@link ExitError} 75.
 *
 * `<directory>.lock/` holds one empty file per claimant, named by its identity. A claimant adds its own before it
 * looks for others, so of two that start at once at least one sees the other; and since a name never comes back,
 * sweeping out a dead process's file cannot hit a living one.
 */
export function lockDirectory(directory: string): () => void {
  const claims = `${directory}.lock`;
  mkdirSync(claims, { recursive: true, mode: 0o700 });
  const mine = join(claims, processIdentity(process.pid));
  claim(mine, directory);
  const others = readdirSync(claims).filter((name) => name !== basename(mine));
  const holder = others.find(isRunning);
  if (holder) {
    rmSync(mine, { force: true });
    throw inUse(directory, holder);
  }
  for (const gone of others) rmSync(join(claims, gone), { force: true });
  return () => rmSync(mine, { force: true });
}

function claim(file: string, directory: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inUse(directory, basename(file));
    throw error;
  }
}

const inUse = (directory: string, holder: string): ExitError =>
  new ExitError(
    `The embedded database in ${directory} is in use by process ${holder.split('_')[0] ?? ''}. ` +
      'Stop that process, choose another DATA_DIR, or give both a PostgreSQL server with DATABASE_URL.',
    exitCodes.directoryInUse,
  );
