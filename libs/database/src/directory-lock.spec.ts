import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDirectory } from './directory-lock.js';
import { processIdentity } from './process-identity.js';

let parent: string;
let directory: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'gatehouse-lock-'));
  directory = join(parent, 'todo');
});
afterEach(() => rmSync(parent, { recursive: true }));

const claims = () => readdirSync(`${directory}.lock`);
const claimOf = (identity: string) => {
  mkdirSync(`${directory}.lock`, { recursive: true });
  writeFileSync(join(`${directory}.lock`, identity), '');
};
const idleProcess = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('spawn', resolve));
  return child;
};
const killed = (child: ChildProcess) =>
  new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGKILL');
  });

describe('the lock of an embedded data directory', () => {
  it('refuses a second holder with exit code 75 and says to use DATABASE_URL', async () => {
    const holder = await idleProcess();
    try {
      claimOf(processIdentity(holder.pid!));
      expect(() => lockDirectory(directory)).toThrow(
        expect.objectContaining({
          exitCode: 75,
          message: expect.stringMatching(new RegExp(`process ${holder.pid}\\. .*DATABASE_URL`)) as string,
        }),
      );
      expect(claims()).toEqual([processIdentity(holder.pid!)]);
    } finally {
      await killed(holder);
    }
  });

  it('refuses to be taken twice within one process, and is free again once released', () => {
    const unlock = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(/in use by process/);
    unlock();
    expect(claims()).toEqual([]);
    lockDirectory(directory)();
  });

  it('is taken over from a process that was killed', async () => {
    const holder = await idleProcess();
    claimOf(processIdentity(holder.pid!));
    await killed(holder);
    const unlock = lockDirectory(directory);
    expect(claims()).toEqual([processIdentity(process.pid)]);
    unlock();
  });

  it('is taken over when the number of its owner belongs to a later process', () => {
    const [pid, start, boot] = processIdentity(process.pid).split('_');
    claimOf(`${pid}_${Number(start) - 1}_${boot}`);
    lockDirectory(directory)();
    expect(claims()).toEqual([]);
  });

  it('is taken over after a reboot, when its owner had another boot id', () => {
    const [pid, start] = processIdentity(process.pid).split('_');
    claimOf(`${pid}_${start}_00000000-0000-0000-0000-000000000000`);
    lockDirectory(directory)();
    expect(claims()).toEqual([]);
  });
});
