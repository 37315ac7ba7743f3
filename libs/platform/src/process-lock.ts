import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** The lock is held by another process, or by another part of this process. */
export class HeldElsewhere extends Error {
  override readonly name = 'HeldElsewhere';

  constructor(
    readonly path: string,
    /** `process 4711`, or `process 1 on web-2` for another machine or container. */
    readonly holder: string,
  ) {
    super(`${path} is in use by ${holder}`);
  }
}

/** The path is on a file system whose locks do not exclude every process that can write there. */
export class NoLocksHere extends Error {
  override readonly name = 'NoLocksHere';

  constructor(
    readonly path: string,
    readonly fileSystem: string,
  ) {
    super(`${path} is on ${fileSystem}, where locks do not reach other machines`);
  }
}

/** The numbers of statfs(2) for file systems that another kernel serves. */
const remoteFileSystems: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xfe534d42: 'SMB',
  0xff534d42: 'SMB (CIFS)',
  0x00c36400: 'Ceph',
  0x5346414f: 'AFS',
  0x65735546: 'FUSE',
};

/**
 * Keeps a reference to each open connection: one that nothing refers to would be garbage-collected, and its lock
 * released.
 */
const held = new Set<DatabaseSync>();

/**
 * Gives the caller exclusive use of the file or directory at `path`, until the returned function is called or the
 * process ends for any reason. Throws {@link HeldElsewhere}, {@link NoLocksHere}, or the system's error if
 * `<path>.lock/` cannot be written.
 *
 * The lock is the kernel's (fcntl(2)), taken by SQLite on an empty file, because Node has no API for it. The kernel
 * releases it when the process dies, and it works between containers, which number their processes independently.
 * Never open `<path>.lock/lock` by other means: closing any descriptor of it releases the lock of the whole process.
 */
export function lockPath(path: string): () => void {
  const directory = `${path}.lock`;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  refuseRemote(path, statfsSync(directory).type);
  const file = join(directory, 'lock');
  // SQLite opens a file that it may not write for reading, and its lock would then exclude nobody.
  accessSync(existsSync(file) ? file : directory, constants.W_OK);
  const holder = join(directory, 'holder');
  const lock = exclusive(file, () => new HeldElsewhere(path, holderIn(holder)));
  held.add(lock);
  tellHolder(holder);
  return () => {
    if (!held.delete(lock)) return;
    rmSync(holder, { force: true });
    lock.close();
  };
}

/** Throws the errors of {@link lockPath} except {@link HeldElsewhere}, and creates nothing. */
export function checkLockable(path: string): void {
  const directory = `${path}.lock`;
  const file = join(directory, 'lock');
  const parent = existsSync(directory) ? directory : dirname(path);
  // The dot refuses a file in place of the directory.
  accessSync(existsSync(file) ? file : `${parent}/.`, constants.W_OK);
  refuseRemote(path, statfsSync(parent).type);
}

/** Throws {@link NoLocksHere} for the file system types of statfs(2) that another kernel serves. */
export function refuseRemote(path: string, type: number): void {
  const fileSystem = remoteFileSystems[type >>> 0];
  if (fileSystem) throw new NoLocksHere(path, fileSystem);
}

const sqliteBusy = 5;
const sqliteFull = 13;

/** Gives SQLite's error of a full disk the code that the system's own has; any other is returned unchanged. */
export const withSystemCode = (error: unknown): unknown =>
  (error as { errcode?: number }).errcode === sqliteFull
    ? Object.assign(new Error((error as Error).message, { cause: error }), { code: 'ENOSPC' })
    : error;

function exclusive(file: string, heldElsewhere: () => Error): DatabaseSync {
  // Loaded here, because early versions of Node print a warning for it, and most importers of this library lock
  // nothing.
  const lock = new (process.getBuiltinModule('node:sqlite').DatabaseSync)(file);
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    throw (error as { errcode?: number }).errcode === sqliteBusy ? heldElsewhere() : withSystemCode(error);
  }
}

/** Writes who holds the lock, for the message of another process; the lock does not depend on it. */
function tellHolder(file: string): void {
  try {
    writeFileSync(file, JSON.stringify({ process: process.pid, host: hostname() }), { mode: 0o600 });
  } catch {
    // The lock is held even if this fails, for example on a full disk.
  }
}

function holderIn(file: string): string {
  try {
    const { process, host } = JSON.parse(readFileSync(file, 'utf8')) as { process: number; host: string };
    return `process ${process}${host === hostname() ? '' : ` on ${host}`}`;
  } catch {
    return 'another process';
  }
}
