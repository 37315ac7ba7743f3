import {
  chmod,
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { lockHolder } from '../../../test/support/lock-holder.js';
import { readRefreshToken, RefreshTokenFile, refreshTokenFileProblem } from './refresh-token-file.js';

describe('the refresh token file', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gatehouse-token-'));
    path = join(directory, 'refresh-token');
    await writeFile(path, 'first\n', { mode: 0o600 });
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Lists the files beside the token file, and in the directory of its lock. */
  const leftovers = async () =>
    (await readdir(directory, { recursive: true })).filter(
      (name) => !['refresh-token', 'refresh-token.lock', 'refresh-token.lock/lock'].includes(name),
    );

  const spend = (successor: string | undefined) => (token: string) =>
    Promise.resolve({ successor, value: `spent ${token}` });

  it('contains the successor with mode 0600 before the caller has its answer', async () => {
    const answer = await new RefreshTokenFile(path).rotate(spend('second'));

    expect(answer).toBe('spent first');
    expect(await readFile(path, 'utf8')).toBe('second\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await leftovers()).toEqual([]);
  });

  it('is unchanged if the token was not rotated', async () => {
    const { ino } = await stat(path);

    await new RefreshTokenFile(path).rotate(spend(undefined));

    expect(await readFile(path, 'utf8')).toBe('first\n');
    expect((await stat(path)).ino).toBe(ino);
  });

  it('is unchanged if the refresh fails', async () => {
    const failing = new RefreshTokenFile(path).rotate(() => Promise.reject(new Error('no answer')));

    await expect(failing).rejects.toThrow('no answer');
    expect(await readFile(path, 'utf8')).toBe('first\n');
    expect(await leftovers()).toEqual([]);
  });

  it('never gives one token to two callers', async () => {
    const file = new RefreshTokenFile(path);
    const seen: string[] = [];
    const rotate = () =>
      file.rotate((token) => {
        seen.push(token);
        return Promise.resolve({ successor: `${token}+`, value: undefined });
      });

    await Promise.all([rotate(), rotate(), rotate()]);

    expect(seen).toEqual(['first', 'first+', 'first++']);
  });

  it('is not spent by two processes at once: the second waits, then spends the successor', async () => {
    const holder = await lockHolder(path);
    expect(holder.answer).toBe('held');
    let spent = '';
    const waiting = new RefreshTokenFile(path).rotate((token) => {
      spent = token;
      return Promise.resolve({ value: undefined });
    });

    await delay(200);
    expect(spent).toBe('');
    await writeFile(path, 'successor', { mode: 0o600 });
    await holder.kill();
    await waiting;

    expect(spent).toBe('successor');
  });

  it('is an error (75) if another process holds it for longer than a minute', async () => {
    const holder = await lockHolder(path);
    const begun = Date.now();
    const clock = jest.spyOn(Date, 'now').mockImplementationOnce(() => begun);
    clock.mockImplementation(() => begun + 60_001);
    try {
      await expect(new RefreshTokenFile(path).check()).rejects.toMatchObject({
        exitCode: 75,
        message: expect.stringMatching(/is in use by process \d+\. .*DATABASE_URL/) as string,
      });
    } finally {
      clock.mockRestore();
      await holder.kill();
    }
  });

  it('is checked before its first use, and unchanged', async () => {
    await new RefreshTokenFile(path).check();

    expect(await readFile(path, 'utf8')).toBe('first\n');
    expect(await leftovers()).toEqual([]);
  });

  it('is refused at the start if it is read-only or its directory is not writable', async () => {
    await chmod(path, 0o400);
    await expect(new RefreshTokenFile(path).check()).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(/is read-only\. .*chmod 600.*DATABASE_URL/) as string,
    });
    await chmod(path, 0o600);
    await mkdir(`${path}.next`);
    await expect(new RefreshTokenFile(path).check()).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(/cannot be replaced/) as string,
    });
  });

  it('is refused with the cause if it cannot be opened', async () => {
    await expect(readRefreshToken(join(path, 'below'))).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('cannot be read (ENOTDIR)') as string,
    });
  });

  it('has no problem where it can be stored, and is not locked or changed by the check', async () => {
    expect(await refreshTokenFileProblem(path, 'store')).toEqual([]);
    expect(await readdir(directory)).toEqual(['refresh-token']);
  });

  it('has a problem if its lock or its successor cannot be created', async () => {
    await writeFile(`${path}.lock`, '');
    const [problem] = await refreshTokenFileProblem(path, 'store');
    expect(problem).toMatch(/^REFRESH_TOKEN_FILE: .* cannot be replaced \(ENOTDIR\)/);
    expect(await refreshTokenFileProblem(path, 'seed')).toEqual([]);
    await expect(new RefreshTokenFile(path).check()).rejects.toMatchObject({ exitCode: 78 });
  });

  it('may be read-only and readable by its group if it is only a seed, like a mounted secret', async () => {
    await chmod(path, 0o440);

    expect(await readRefreshToken(path, 'seed')).toBe('first');
    expect(await refreshTokenFileProblem(path, 'seed')).toEqual([]);
    await chmod(path, 0o444);
    expect(await refreshTokenFileProblem(path, 'seed')).toHaveLength(1);
    await expect(readRefreshToken(path, 'seed')).rejects.toThrow(/can be read by other users/);
  });

  it('is not used if its successor could not be stored', async () => {
    let spent = false;
    // A directory in the successor's place: even a superuser cannot create the file.
    await mkdir(`${path}.next`);

    const rotation = new RefreshTokenFile(path).rotate(() => {
      spent = true;
      return Promise.resolve({ value: undefined });
    });

    await expect(rotation).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(/cannot be replaced/) as string,
    });
    expect(spent).toBe(false);
  });

  it.each(['write', 'sync'] as const)(
    'is not used if the disk has no room for a successor: %s',
    async (step) => {
      const handle = await open(path);
      const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      const failing = jest.spyOn(Object.getPrototypeOf(handle) as FileHandle, step).mockRejectedValue(full);
      await handle.close();
      const used = jest.fn(spend('second'));

      const file = new RefreshTokenFile(path);
      const complaint = { exitCode: 78, message: expect.stringMatching(/ENOSPC.*free some space/) as string };
      await expect(file.check()).rejects.toMatchObject(complaint);
      await expect(file.rotate(used)).rejects.toMatchObject(complaint);
      failing.mockRestore();

      expect(used).not.toHaveBeenCalled();
      expect(await readFile(path, 'utf8')).toBe('first\n');
      expect(await leftovers()).toEqual([]);
    },
  );

  it('contains only the successor, even if it is shorter', async () => {
    await new RefreshTokenFile(path).rotate(spend('2'));
    expect(await readFile(path, 'utf8')).toBe('2\n');
  });

  it('is replaced behind a symbolic link, which remains a link', async () => {
    const link = join(directory, 'link');
    await symlink(path, link);

    await new RefreshTokenFile(link).rotate(spend('second'));

    expect(await readFile(path, 'utf8')).toBe('second\n');
    expect(await readRefreshToken(link)).toBe('second');
  });

  it('is used by the next process after one died while writing it', async () => {
    // cspell:ignore tok
    await writeFile(`${path}.next`, 'half a tok', { mode: 0o600 });

    await new RefreshTokenFile(path).rotate(spend('second'));

    expect(await readFile(path, 'utf8')).toBe('second\n');
    expect(await leftovers()).toEqual([]);
  });

  it.each([
    ['others may read it', () => chmod(path, 0o644), /can be read by other users\. Run: chmod 600/],
    ['its group may read it', () => chmod(path, 0o640), /can be read by other users/],
    ['it is empty', () => writeFile(path, ''), /does not hold one refresh token\. Log in to the Dev Center/],
    ['it holds two words', () => writeFile(path, 'one two'), /does not hold one refresh token/],
    ['it does not exist', () => rm(path), /does not exist\. Log in to the Dev Center/],
    [
      'it is a directory',
      async () => {
        await rm(path);
        await mkdir(path, { mode: 0o700 });
      },
      /cannot be read \(EISDIR\)/,
    ],
    ['it is read-only', () => chmod(path, 0o400), /is read-only\. .*chmod 600.*DATABASE_URL/],
  ])('is refused with what to do if %s', async (_title, spoil, message) => {
    await spoil();
    expect(await refreshTokenFileProblem(path, 'store')).toEqual([
      expect.stringMatching(new RegExp(`^REFRESH_TOKEN_FILE: ${path} .*${message.source}`)),
    ]);

    await expect(readRefreshToken(path)).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(message) as string,
    });
  });
});
