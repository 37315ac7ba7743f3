import { constants } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  checkLockable,
  checkWritableDirectory,
  exitCodes,
  ExitError,
  HeldElsewhere,
  isSendableSecret,
  lockPath,
  NoLocksHere,
} from '#gatehouse/platform';
import type { RefreshTokenStore, Spent } from './source.js';

const whyWritable = 'A refresh token may be single-use, so its successor must be saved there';
const newToken = 'Log in to the Dev Center for a refresh token and save it there (chmod 600).';

/** How long to wait for another process that is using the token; longer than a refresh may take. */
const lockTimeoutMs = 60_000;

/**
 * Reads the token in the file, without surrounding white space. Throws an ExitError (78) if the file does not exist,
 * is empty, is readable by other users of the machine, or is read-only although successors must be stored there. A
 * `seed` is only read, and may belong to the group, like a mounted secret.
 */
export async function readRefreshToken(path: string, use: 'store' | 'seed' = 'store'): Promise<string> {
  const file = await open(path, constants.O_RDONLY).catch((error: unknown) => {
    throw unusable(path, isAbsent(error) ? `does not exist. ${newToken}` : `${cannot('be read', error)}.`);
  });
  try {
    const { mode } = await file.stat();
    // Windows has no such bits; its answer would refuse every file.
    if (process.platform !== 'win32') checkMode(path, mode, use);
    const text = await file.readFile('utf8').catch((error: unknown) => {
      throw unusable(path, `${cannot('be read', error)}.`);
    });
    const token = text.trim();
    if (!isSendableSecret(token)) throw unusable(path, `does not hold one refresh token. ${newToken}`);
    return token;
  } finally {
    await file.close();
  }
}

function checkMode(path: string, mode: number, use: 'store' | 'seed'): void {
  const others = use === 'store' ? 0o077 : 0o007;
  if ((mode & others) !== 0) throw unusable(path, `can be read by other users. Run: chmod 600 ${path}`);
  if (use === 'store' && (mode & 0o200) === 0)
    throw unusable(path, `is read-only. ${whyWritable}: chmod 600 ${path}, or share a DATABASE_URL.`);
}

/**
 * Returns what is wrong with the file for the given use, as a line for the operator. Changes nothing and takes no lock,
 * so that it can run beside a process that uses the file.
 */
export async function refreshTokenFileProblem(path: string, use: 'store' | 'seed'): Promise<string[]> {
  try {
    await readRefreshToken(path, use);
    if (use === 'store') await checkReplaceable(path);
    return [];
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    return [error.message.replace('REFRESH_TOKEN_FILE ', 'REFRESH_TOKEN_FILE: ')];
  }
}

async function checkReplaceable(path: string): Promise<void> {
  const target = await realpath(path);
  try {
    checkWritableDirectory(dirname(target));
    checkLockable(target);
  } catch (error) {
    throw unlockable(path, error);
  }
}

/**
 * Stores the refresh token in a file of mode 0600, with a lock beside it that keeps another process from using the
 * same token. Workers that share a database use a row of it instead. The successor's file is written before the token
 * is used, so that a full or read-only disk is noticed while the old token is still valid.
 */
export class RefreshTokenFile implements RefreshTokenStore {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  check(): Promise<void> {
    return this.#alone(async (target) => {
      const next = `${target}.next`;
      await (await this.#openSuccessor(next, await readRefreshToken(this.path))).close();
      await rm(next, { force: true });
    });
  }

  rotate<T>(spend: (refreshToken: string) => Promise<Spent<T>>): Promise<T> {
    return this.#alone((target) => this.#rotate(target, spend));
  }

  /** Runs `work` while no other caller and no other process uses the file. */
  #alone<T>(work: (target: string) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      // A mounted file is often a symbolic link; renaming over the link would detach it from its target.
      const target = await realpath(this.path).catch(() => this.path);
      // Reports what is wrong with the file before anything is created beside it.
      await readRefreshToken(this.path);
      const unlock = await this.#lock(target);
      try {
        return await work(target);
      } finally {
        unlock();
      }
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #lock(target: string): Promise<() => void> {
    for (const begun = Date.now(); ;) {
      try {
        return lockPath(target);
      } catch (error) {
        if (!(error instanceof HeldElsewhere)) throw unlockable(this.path, error);
        if (Date.now() - begun > lockTimeoutMs) {
          throw new ExitError(
            `REFRESH_TOKEN_FILE ${this.path} is in use by ${error.holder}. Stop that process, or give ` +
              'both a PostgreSQL server with DATABASE_URL.',
            exitCodes.directoryInUse,
          );
        }
        // A random pause, so that two waiting processes do not collide again.
        await delay(20 + Math.random() * 80);
      }
    }
  }

  async #rotate<T>(target: string, spend: (refreshToken: string) => Promise<Spent<T>>): Promise<T> {
    const token = await readRefreshToken(this.path);
    const next = `${target}.next`;
    const file = await this.#openSuccessor(next, token);
    try {
      const { successor, value } = await spend(token);
      if (successor !== undefined && successor !== token) await replace(file, next, target, successor);
      return value;
    } finally {
      await file.close();
      await rm(next, { force: true });
    }
  }

  /** Creates the successor's file with the current token in it, which takes the space that the successor needs. */
  async #openSuccessor(next: string, token: string): Promise<FileHandle> {
    await rm(next, { force: true }).catch(() => {});
    let file: FileHandle | undefined;
    try {
      file = await open(next, 'wx', 0o600);
      await file.write(`${token}\n`);
      await file.sync();
      return file;
    } catch (error) {
      await file?.close();
      await rm(next, { force: true }).catch(() => {});
      throw irreplaceable(this.path, error);
    }
  }
}

/** Replaces the file atomically and durably: a crash leaves either the old file or the new one. */
async function replace(file: FileHandle, next: string, target: string, token: string): Promise<void> {
  const text = Buffer.from(`${token}\n`);
  await file.write(text, 0, text.length, 0);
  await file.truncate(text.length);
  await file.sync();
  await rename(next, target);
  // The rename is recorded in the directory. Windows cannot open one, and does not need this step.
  const directory = await open(dirname(target), constants.O_RDONLY).catch(() => undefined);
  await directory?.sync();
  await directory?.close();
}

const isAbsent = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

const cannot = (what: string, error: unknown) =>
  `cannot ${what} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;

/** Returns the ExitError for a file that cannot be locked. */
function unlockable(path: string, error: unknown): ExitError {
  if (!(error instanceof NoLocksHere)) return irreplaceable(path, error);
  return unusable(
    path,
    `is on ${error.fileSystem}, where a lock does not keep other machines from spending the same token. Move it to a ` +
      'local disk, or share a DATABASE_URL.',
  );
}

const irreplaceable = (path: string, error: unknown): ExitError =>
  unusable(path, `${cannot('be replaced', error)}. ${whyWritable}: ${cureOf(error)}.`);

const cureOf = (error: unknown) =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
    ? 'free some space on its disk'
    : 'make its directory writable';

const unusable = (path: string, wrong: string) =>
  new ExitError(`REFRESH_TOKEN_FILE ${path} ${wrong}`, exitCodes.badConfiguration);
