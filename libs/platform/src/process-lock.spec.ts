import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIdentity } from './process-identity.js';
import { lockPath } from './process-lock.js';

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

describe('the lock of a path', () => {
  it('refuses a second holder and names the first', async () => {
    const holder = await idleProcess();
    try {
      claimOf(processIdentity(holder.pid!));
      expect(() => lockPath(directory)).toThrow(
        expect.objectContaining({ path: directory, processNumber: String(holder.pid) }),
      );
      expect(claims()).toEqual([processIdentity(holder.pid!)]);
    } finally {
      await killed(holder);
    }
  });

  it('refuses to be taken twice within one process, and is free again once released', () => {
    const unlock = lockPath(directory);
    expect(() => lockPath(directory)).toThrow(/in use by process/);
    unlock();
    expect(claims()).toEqual([]);
    lockPath(directory)();
  });

  it('is taken over from a process that was killed', async () => {
    const holder = await idleProcess();
    claimOf(processIdentity(holder.pid!));
    await killed(holder);
    const unlock = lockPath(directory);
    expect(claims()).toEqual([processIdentity(process.pid)]);
    unlock();
  });

  it('is taken over when the number of its owner belongs to a later process', () => {
    const [pid, start, boot] = processIdentity(process.pid).split('_');
    claimOf(`${pid}_${Number(start) - 1}_${boot}`);
    lockPath(directory)();
    expect(claims()).toEqual([]);
  });

  it('is taken over after a reboot, when its owner had another boot id', () => {
    const [pid, start] = processIdentity(process.pid).split('_');
    claimOf(`${pid}_${start}_00000000-0000-0000-0000-000000000000`);
    lockPath(directory)();
    expect(claims()).toEqual([]);
  });
});
