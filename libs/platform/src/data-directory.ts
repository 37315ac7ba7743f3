import { exitCodes, ExitError } from './exit.js';

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
