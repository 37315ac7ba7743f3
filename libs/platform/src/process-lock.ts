import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isRunning, processIdentity } from './process-identity.js';

/** Somebody else holds the lock: another process, or another part of this one. */
export class HeldElsewhere extends Error {
  override readonly name = 'HeldElsewhere';

  constructor(
    readonly path: string,
    readonly processNumber: string,
  ) {
    super(`${path} is in use by process ${processNumber}`);
  }
}

/**
 * Makes the caller the only one that works with the file or directory at `path`, until the returned function is called
 * or the process is gone. Throws {@link HeldElsewhere}, or what keeps it from writing beside `path`.
 *
 * `<path>.lock/` holds one empty file per claimant, named by its identity. A claimant adds its own before it looks for
 * others, so of two that start at once at least one sees the other; and since a name never comes back, sweeping out a
 * dead process's file cannot hit a living one.
 */
export function lockPath(path: string): () => void {
  const claims = `${path}.lock`;
  mkdirSync(claims, { recursive: true, mode: 0o700 });
  const mine = join(claims, processIdentity(process.pid));
  claim(mine, path);
  const others = readdirSync(claims).filter((name) => name !== basename(mine));
  const holder = others.find(isRunning);
  if (holder) {
    rmSync(mine, { force: true });
    throw heldBy(holder, path);
  }
  for (const gone of others) rmSync(join(claims, gone), { force: true });
  return () => rmSync(mine, { force: true });
}

function claim(file: string, path: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw heldBy(basename(file), path);
    throw error;
  }
}

const heldBy = (identity: string, path: string) => new HeldElsewhere(path, identity.split('_')[0] ?? '');
