import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockHolder, mayHaveOwnNumbers, ownNumbers } from '../../../test/support/lock-holder.js';
import { unwritable } from './data-directory.js';
import { checkLockable, lockPath, NoLocksHere, refuseRemote, withSystemCode } from './process-lock.js';

let parent: string;
let path: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'gatehouse-lock-'));
  path = join(parent, 'todo');
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('the lock of a path', () => {
  it('is refused while another process holds it, which is named, and free at once when that is killed', async () => {
    const holder = await lockHolder(path);
    expect(holder.answer).toBe('held');
    expect(() => lockPath(path)).toThrow(/todo is in use by process \d+$/);
    expect(() => lockPath(path)).toThrow(expect.objectContaining({ name: 'HeldElsewhere', path }));
    await holder.kill();
    lockPath(path)();
  });

  it('is refused to another process while this one holds it', async () => {
    const unlock = lockPath(path);
    expect((await lockHolder(path)).answer).toBe(`${path} is in use by process ${process.pid}`);
    unlock();
    const holder = await lockHolder(path);
    expect(holder.answer).toBe('held');
    await holder.kill();
  });

  it('survives an attempt of the same process to take it twice, and is free once it is released', async () => {
    const unlock = lockPath(path);
    expect(() => lockPath(path)).toThrow(/in use by process/);
    expect((await lockHolder(path)).answer).toMatch(/in use by process/);
    unlock();
    unlock();
    expect(readdirSync(`${path}.lock`)).toEqual(['lock']);
    lockPath(path)();
  });

  const wherePossible = existsSync('/proc/self/fd') ? it : it.skip;
  wherePossible('leaves no open file behind where it is refused (not run without /proc)', async () => {
    const holder = await lockHolder(path);
    expect(() => lockPath(path)).toThrow(/in use by process/);
    const isOpen = (fd: string) =>
      existsSync(`/proc/self/fd/${fd}`) && readlinkSync(`/proc/self/fd/${fd}`).includes(path);
    expect(readdirSync('/proc/self/fd').filter(isOpen)).toEqual([]);
    await holder.kill();
  });

  it('is checked beforehand without creating anything', () => {
    checkLockable(path);
    expect(readdirSync(parent)).toEqual([]);
    expect(() => checkLockable(join(path, 'below'))).toThrow(/ENOENT/);
    writeFileSync(`${path}.lock`, '');
    expect(() => checkLockable(path)).toThrow(/ENOTDIR/);
  });

  it('names the machine or container of a holder elsewhere', async () => {
    const holder = await lockHolder(path);
    writeFileSync(join(`${path}.lock`, 'holder'), JSON.stringify({ process: 1, host: 'web-2' }));
    expect(() => lockPath(path)).toThrow(/is in use by process 1 on web-2$/);
    writeFileSync(join(`${path}.lock`, 'holder'), '');
    expect(() => lockPath(path)).toThrow(/is in use by another process$/);
    await holder.kill();
  });

  it('names its holder in a file for its owner alone, and is released without that file too', () => {
    const unlock = lockPath(path);
    const holder = join(`${path}.lock`, 'holder');
    expect(statSync(holder).mode & 0o777).toBe(0o600);
    rmSync(holder);
    unlock();
    lockPath(path)();
  });

  it('is not said to be in use where its file is damaged', () => {
    mkdirSync(`${path}.lock`);
    writeFileSync(join(`${path}.lock`, 'lock'), 'no database, '.repeat(100));
    expect(() => lockPath(path)).toThrow('file is not a database');
  });

  it('cannot be taken where its directory cannot be made', () => {
    writeFileSync(path, '');
    expect(() => lockPath(join(path, 'below'))).toThrow(/ENOTDIR/);
  });

  const unlessRoot = process.getuid?.() === 0 ? it.skip : it;
  unlessRoot(
    'is refused where its file may only be read, because it would exclude nobody (not run as root)',
    () => {
      mkdirSync(`${path}.lock`);
      writeFileSync(join(`${path}.lock`, 'lock'), '', { mode: 0o400 });
      expect(() => lockPath(path)).toThrow(/EACCES/);
    },
  );

  it('on a full disk fails as a directory that cannot be written', () => {
    const full = Object.assign(new Error('database or disk is full'), {
      code: 'ERR_SQLITE_ERROR',
      errcode: 13,
    });
    expect(unwritable(path, withSystemCode(full))).toMatchObject({
      exitCode: 78,
      message: expect.stringContaining(`${path} cannot be written (ENOSPC, the disk is full)`) as string,
    });
    expect(withSystemCode(full)).toMatchObject({ cause: full });
    const other = Object.assign(new Error('disk I/O error'), { errcode: 10 });
    expect(withSystemCode(other)).toBe(other);
  });

  it('does not mind what else is in its directory', () => {
    mkdirSync(`${path}.lock`);
    writeFileSync(join(`${path}.lock`, '1_2_3'), '');
    lockPath(path)();
  });

  it.each([
    ['NFS', 0x6969],
    ['SMB', 0xfe534d42],
    ['SMB (CIFS)', 0xff534d42],
    ['SMB (CIFS)', 0xff534d42 | 0],
    ['FUSE', 0x65735546],
  ])('is refused on %s, whose locks do not reach other machines', (name, type) => {
    expect(() => refuseRemote(path, type)).toThrow(NoLocksHere);
    expect(() => refuseRemote(path, type)).toThrow(
      `${path} is on ${name}, where locks do not reach other machines`,
    );
    expect(() => refuseRemote(path, type)).toThrow(
      expect.objectContaining({ name: 'NoLocksHere', path, fileSystem: name }),
    );
  });

  it.each([
    ['ext4', 0xef53],
    ['xfs', 0x58465342],
    ['tmpfs', 0x01021994],
    ['overlayfs', 0x794c7630],
  ])('is taken on %s', (_name, type) => {
    expect(() => refuseRemote(path, type)).not.toThrow();
  });
});

const between = mayHaveOwnNumbers ? describe : describe.skip;
between('the lock between name spaces of process numbers (not run where unshare is refused)', () => {
  it('holds between two that both call themselves process 1', async () => {
    const first = await lockHolder(path, ownNumbers);
    const second = await lockHolder(path, ownNumbers);
    expect([first.answer, second.answer]).toEqual(['held', `${path} is in use by process 1`]);
    await first.kill();
    const third = await lockHolder(path, ownNumbers);
    expect(third.answer).toBe('held');
    await third.kill();
  });

  it('holds against a process outside', async () => {
    const inside = await lockHolder(path, ownNumbers);
    expect(inside.answer).toBe('held');
    expect((await lockHolder(path)).answer).toBe(`${path} is in use by process 1`);
    await inside.kill();
  });

  it('holds against a process inside', async () => {
    const outside = await lockHolder(path);
    expect((await lockHolder(path, ownNumbers)).answer).toMatch(/is in use by process \d+/);
    await outside.kill();
  });
});
