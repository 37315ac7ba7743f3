import { exitCodes, ExitError } from './exit.js';

const causes: Readonly<Record<string, string>> = {
  EACCES: 'EACCES, not permitted to this user',
  EPERM: 'EPERM, not permitted to this user',
  EROFS: 'EROFS, the file system is read-only',
  ENOSPC: 'ENOSPC, the disk is full',
  EDQUOT: 'EDQUOT, the quota is used up',
  ENOTDIR: 'ENOTDIR, part of the path is a file',
  EISDIR: 'EISDIR, a directory is in its place',
  EEXIST: 'EEXIST, a file is in its place',
  // What Node says of a path that it cannot make, on a read-only file system for example.
  ENOENT: 'ENOENT, it cannot be made',
  ENAMETOOLONG: 'ENAMETOOLONG, the path is too long',
};

/** The numbers that PGlite's file system (Emscripten, musl) gives instead of names. */
const byNumber: Readonly<Record<number, string>> = {
  2: 'EACCES',
  19: 'EDQUOT',
  51: 'ENOSPC',
  54: 'ENOTDIR',
  63: 'EPERM',
  69: 'EROFS',
};

/**
 * The {@link ExitError} 78 to throw where writing `path` below DATA_DIR failed with `error` for a reason that lies with
 * the directory or its disk; any other error comes back as it is.
 */
export function unwritable(path: string, error: unknown): unknown {
  const { name, code, errno } = error as { name?: string; code?: string; errno?: number };
  const cause = causes[(name === 'ErrnoError' ? byNumber[errno ?? 0] : code) ?? ''];
  if (cause === undefined) return error;
  return new ExitError(
    `${path} cannot be written (${cause}): set DATA_DIR to a directory that can, or mend this one.`,
    exitCodes.badConfiguration,
    { cause: error },
  );
}
