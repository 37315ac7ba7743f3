import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { exitCodes, ExitError } from './exit.js';
import { NoLocksHere, refuseRemote } from './process-lock.js';

const causes: Readonly<Record<string, string>> = {
  EACCES: 'EACCES, not permitted to this user',
  EPERM: 'EPERM, not permitted to this user',
  EROFS: 'EROFS, the file system is read-only',
  ENOSPC: 'ENOSPC, the disk is full',
  EDQUOT: 'EDQUOT, the quota is used up',
  ENOTDIR: 'ENOTDIR, part of the path is a file',
  EISDIR: 'EISDIR, it is a directory',
  EEXIST: 'EEXIST, it is a file',
  // Node's error for a path that cannot be created, on a read-only file system for example.
  ENOENT: 'ENOENT, it cannot be created',
  ENAMETOOLONG: 'ENAMETOOLONG, the path is too long',
};

/** The error numbers that PGlite's file system (Emscripten, musl) reports instead of names. */
const byNumber: Readonly<Record<number, string>> = {
  2: 'EACCES',
  19: 'EDQUOT',
  51: 'ENOSPC',
  54: 'ENOTDIR',
  63: 'EPERM',
  69: 'EROFS',
};

/**
 * Returns an {@link ExitError} 78 if writing `path` below DATA_DIR failed with `error` because of the directory or
 * its disk; any other error is returned unchanged.
 */
export function unwritable(path: string, error: unknown): unknown {
  const { name, code, errno } = error as { name?: string; code?: string; errno?: number };
  const cause = causes[(name === 'ErrnoError' ? byNumber[errno ?? 0] : code) ?? ''];
  if (cause === undefined) return error;
  return new ExitError(
    `${path} cannot be written (${cause}): set DATA_DIR to a writable directory, or fix this one.`,
    exitCodes.badConfiguration,
    { cause: error },
  );
}

/**
 * Checks that files can be created in the directory at `path`, which need not exist yet, and creates nothing. Returns
 * the part of the path that exists. Throws the system's error.
 */
export function checkWritableDirectory(path: string): string {
  let existing = resolve(path);
  while (!existsSync(existing)) existing = dirname(existing);
  // The dot refuses a file.
  accessSync(`${existing}/.`, constants.W_OK);
  return existing;
}

/**
 * Returns a line for the operator if files cannot be written or locked in `name` below DATA_DIR. Creates nothing there.
 * `fileSystemOf` returns the file system of a path, as statfs(2) numbers it.
 */
export function dataDirProblem(
  dataDir: string,
  name: string,
  fileSystemOf = (path: string) => statfsSync(path).type,
): string[] {
  const path = resolve(join(dataDir, name));
  try {
    refuseRemote(path, fileSystemOf(checkWritableDirectory(path)));
    return [];
  } catch (error) {
    const cure = error instanceof NoLocksHere ? ': set DATA_DIR to a directory on a local disk' : '';
    return [`DATA_DIR: ${(unwritable(path, error) as Error).message}${cure}`];
  }
}
