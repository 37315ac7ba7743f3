import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { basename, extname } from 'node:path';
import { processEnvironment } from '#gatehouse/platform';
import type { Answer } from './serve.js';

const [generatorCore, serverCore] = ['0', '1'];

const canPin =
  availableParallelism() > 1 &&
  spawnSync('taskset', ['-c', serverCore, 'true'], { stdio: 'ignore' }).status === 0;

/** How the processes are spread, for the reader of the figures. */
export const pinning = canPin
  ? `server on core ${serverCore}, everything else on core ${generatorCore}`
  : 'not pinned: there is no taskset here, or one core only';

/** Moves this process, its threads and what it will start to the generator's core. */
export function moveToGeneratorCore(): void {
  if (canPin)
    spawnSync('taskset', ['-a', '-c', '-p', generatorCore, String(process.pid)], { stdio: 'ignore' });
}

/** A process under measurement on a core of its own, asked by messages, one after the other. It ends with this one. */
export interface Child {
  /** Where it listens; empty when it does not. */
  readonly url: string;
  ask<T>(name: string, value?: unknown): Promise<T>;
  /** Resolves once it is gone; one that lingers for 5 s is killed. */
  close(): Promise<void>;
}

/** Starts a script, which serves its parent, with `settings`. Resolves once it says that it is ready. */
export async function startChild(script: string, settings: object): Promise<Child> {
  const name = basename(script, extname(script));
  // With the options of Node that this process has, which the sources need.
  const line = [process.execPath, ...process.execArgv, script, JSON.stringify(settings)];
  const [command = '', ...args] = canPin ? ['taskset', '-c', serverCore, ...line] : line;
  const child = spawn(command, args, {
    // What they log goes nowhere, but they have written it.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...processEnvironment(), NODE_ENV: 'production' },
  });
  let complaint = '';
  child.stderr?.on('data', (text: Buffer) => (complaint = `${complaint}${text.toString()}`.slice(-2_000)));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${name} ended early: ${complaint}`);
  });
  // It is expected in the end.
  ended.catch(() => undefined);
  const askNow = async <T>(question: string, value?: unknown): Promise<T> => {
    const answered = once(child, 'message') as Promise<[Answer]>;
    if (child.connected) child.send({ name: question, value });
    const [{ value: found, error }] = await Promise.race([answered, ended]);
    if (error !== undefined) throw new Error(`${name}: ${error}`);
    return found as T;
  };
  let last: Promise<unknown> = Promise.resolve();
  const ask = <T>(question: string, value?: unknown): Promise<T> => {
    const next = last.then(() => askNow<T>(question, value));
    last = next.catch(() => undefined);
    return next;
  };
  return { url: await ask<string>('url'), ask, close: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  if (child.connected) child.disconnect();
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(late);
}
