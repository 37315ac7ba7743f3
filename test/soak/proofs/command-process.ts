import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '#gatehouse/platform';
import type { Sandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { startTypeScript } from '../../support/typescript-process.js';

const root = join(import.meta.dirname, '../../..');

export interface CommandProcess {
  readonly program: 'provision' | 'credentials';
  readonly args: readonly string[];
  readonly env: Environment;
}

/** Runs a command to its end in a separate process. Throws, with its output, unless it exits with `expected`. */
export async function runToTheEnd({ program, args, env }: CommandProcess, expected = 0): Promise<string> {
  const child = startTypeScript(join(root, `apps/dev-center/src/${program}.main.ts`), [...args], env);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ]);
  if (child.exitCode === expected) return stdout;
  throw new Error(`${program} ${args.join(' ')} exited with ${child.exitCode}: ${stdout}${stderr}`);
}

/**
 * Kills a command while FusionAuth has its request and has not answered it: everything before has happened, nothing
 * after it. Throws when the command exits without making that request.
 */
export async function killAt(sandbox: Sandbox, operation: string, command: CommandProcess): Promise<void> {
  sandbox.requests.clear();
  sandbox.faults.set(operation, { answer: 'hang' });
  const { program, args, env } = command;
  const child = startTypeScript(join(root, `apps/dev-center/src/${program}.main.ts`), [...args], env);
  const ended = once(child, 'close');
  child.stdout!.resume();
  child.stderr!.resume();
  while (sandbox.requests.count(operation) === 0) {
    if (child.exitCode !== null) throw new Error(`${program} ended without ${operation}`);
    await delay(10);
  }
  child.kill('SIGKILL');
  await ended;
  sandbox.faults.clear();
}

/** Kills a command the given milliseconds after its first call to FusionAuth. */
export async function killAfter(
  sandbox: Sandbox,
  milliseconds: number,
  command: CommandProcess,
): Promise<void> {
  sandbox.requests.clear();
  const { program, args, env } = command;
  const child = startTypeScript(join(root, `apps/dev-center/src/${program}.main.ts`), [...args], env);
  const ended = once(child, 'close');
  child.stdout!.resume();
  child.stderr!.resume();
  while (sandbox.requests.list().length === 0 && child.exitCode === null) await delay(2);
  await delay(milliseconds);
  child.kill('SIGKILL');
  await ended;
}
