import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { startTypeScript } from '../../../test/support/typescript-process.js';

const file = join(import.meta.dirname, '../../../test/support/talkative.ts');
const much = 300_000;

/** Everything that a reader gets who takes a pause before each piece. */
async function slowly(stream: Readable): Promise<number> {
  let taken = 0;
  await delay(300);
  for await (const piece of stream) {
    taken += (piece as Buffer).length;
    await delay(20);
  }
  return taken;
}

const codeOf = async (child: ChildProcess) => ((await once(child, 'close')) as [number])[0];

describe('a command that ends after it has written much into a pipe', () => {
  it('has written all of it, and exits with its own code', async () => {
    const child = startTypeScript(file, [String(much)]);
    const code = codeOf(child);
    expect(await slowly(child.stdout!)).toBe(much);
    expect(await code).toBe(3);
  });

  it('has written all of it where it fails, and the reason too', async () => {
    const child = startTypeScript(file, [String(much), 'fail']);
    const code = codeOf(child);
    const [out, complaint] = await Promise.all([slowly(child.stdout!), slowly(child.stderr!)]);
    expect([out, complaint]).toEqual([much, 'talkative: '.length + much + 1]);
    expect(await code).toBe(75);
  });

  it('has written all of it where a signal ends it', async () => {
    const child = startTypeScript(file, [String(much), 'wait']);
    const code = codeOf(child);
    await once(child.stdout!, 'readable');
    child.kill('SIGTERM');
    expect(await slowly(child.stdout!)).toBe(much);
    expect(await code).toBe(143);
  });

  it('leaves at once at the second signal, even if nobody reads', async () => {
    const child = startTypeScript(file, [String(much), 'wait']);
    const exited = once(child, 'exit');
    await once(child.stdout!, 'readable');
    const noticed = once(child.stderr!, 'data');
    child.kill('SIGINT');
    await noticed;
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
    child.stdout!.destroy();
  });
});

describe('a command whose reader goes away', () => {
  it('says nothing of it, and exits with its own code', async () => {
    const child = startTypeScript(file, [String(much)]);
    const complaints: string[] = [];
    child.stderr!.on('data', (piece: Buffer) => complaints.push(String(piece)));
    await once(child.stdout!, 'readable');
    child.stdout!.destroy();
    expect([await codeOf(child), complaints]).toEqual([3, []]);
  });

  it('where the disk is full, does not claim that all is well', async () => {
    const hooks = join(import.meta.dirname, '../../../test/support/run-typescript.mjs');
    const help = join(import.meta.dirname, '../../../tools/attack/src/main.ts');
    const child = spawn(process.execPath, ['--conditions=source', '--import', hooks, help, '--help'], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    const complaints: string[] = [];
    child.stderr!.on('data', (piece: Buffer) => complaints.push(String(piece)));
    expect(await codeOf(child)).toBe(1);
    expect(complaints.join('')).toBe('The output could not be written (ENOSPC).\n');
  });
});
