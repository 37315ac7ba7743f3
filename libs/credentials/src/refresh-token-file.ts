import { constants } from 'node:fs';
import { open, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { RefreshTokenStore, Spent } from './refresh-token-store.js';

const newToken = 'Log in to the Dev Center for a refresh token and save it there (chmod 600).';

/**
 * The token in the file, without surrounding white space. Throws an ExitError (78) when the file is absent, empty
 * or open to other users of the machine.
 */
export async function readRefreshToken(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY).catch((error: unknown) => {
    throw unusable(path, isAbsent(error) ? `does not exist. ${newToken}` : `${cannot('be read', error)}.`);
  });
  try {
    const { mode } = await file.stat();
    // Windows has no such bits; its answer would refuse every file.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw unusable(path, `can be read by other users. Run: chmod 600 ${path}`);
    const token = (await file.readFile('utf8')).trim();
    if (token === '' || /\s/.test(token))
      throw unusable(path, `does not hold one refresh token. ${newToken}`);
    return token;
  } finally {
    await file.close();
  }
}

/**
 * Keeps the refresh token in one file of mode 0600. For one process only: several workers share a database row
 * instead. The successor's file is opened before the token is spent, so that a full or read-only disk is noticed
 * while the old token is still good.
 */
export class RefreshTokenFile implements RefreshTokenStore {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  rotate<T>(spend: (refreshToken: string) => Promise<Spent<T>>): Promise<T> {
    const turn = this.#turn.then(() => this.#rotate(spend));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #rotate<T>(spend: (refreshToken: string) => Promise<Spent<T>>): Promise<T> {
    const token = await readRefreshToken(this.path);
    // A mounted file is often a symbolic link; renaming over the link would cut it off from its target.
    const target = await realpath(this.path);
    const next = `${target}.next`;
    const file = await this.#openSuccessor(next);
    try {
      const { successor, value } = await spend(token);
      if (successor !== undefined && successor !== token) await replace(file, next, target, successor);
      return value;
    } finally {
      await file.close();
      await rm(next, { force: true });
    }
  }

  async #openSuccessor(next: string): Promise<FileHandle> {
    await rm(next, { force: true }).catch(() => {});
    return open(next, 'wx', 0o600).catch((error: unknown) => {
      const why = 'A refresh token may be good for one use only, so its successor must be saved beside it';
      throw unusable(this.path, `${cannot('be replaced', error)}. ${why}: make the directory writable.`);
    });
  }
}

/** Durable at every instant: a crash leaves the old file or the new one, never half of either. */
async function replace(file: FileHandle, next: string, target: string, token: string): Promise<void> {
  await file.writeFile(`${token}\n`);
  await file.sync();
  await rename(next, target);
  // The rename itself lives in the directory. Windows cannot open one, and needs no such step.
  const directory = await open(dirname(target), constants.O_RDONLY).catch(() => undefined);
  await directory?.sync();
  await directory?.close();
}

const isAbsent = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

const cannot = (what: string, error: unknown) =>
  `cannot ${what} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;

const unusable = (path: string, wrong: string) =>
  new ExitError(`REFRESH_TOKEN_FILE ${path} ${wrong}`, exitCodes.badConfiguration);
