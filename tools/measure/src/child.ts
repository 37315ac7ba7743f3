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

/** Describes how the processes are pinned, for the reader of the figures. */
export const pinning = canPin
  ? `server on core ${serverCore}, everything else on core ${generatorCore}`
  : 'not pinned: there is no taskset here, or one core only';

/** Returns the command line that runs a program on the core of measured processes. */
export const onServerCore = (line: readonly string[]): readonly string[] =>
  canPin ? ['taskset', '-c', serverCore, ...line] : line;

/** Moves this process, its threads and its future children to the generator's core. */
export function moveToGeneratorCore(): void {
  if (canPin)
    spawnSync('taskset', ['-a', '-c', '-p', generatorCore, String(process.pid)], { stdio: 'ignore' });
}

/** A measured process on its own core, which answers messages one after the other. It exits with this one. */
export interface Child {
  /** Its address; empty when it does not listen. */
  readonly url: string;
  ask<T>(name: string, value?: unknown): Promise<T>;
  /** Resolves once it has exited; after 5 s it is killed. */
  close(): Promise<void>;
}

/** Starts a script that calls `serveParent`, with `settings`. Resolves once it reports that it is ready. */
export async function startChild(script: string, settings: object): Promise<Child> {
  const name = basename(script, extname(script));
  // With the Node options of this process, which the sources need.
  const line = [process.execPath, ...process.execArgv, script, JSON.stringify(settings)];
  const [command = '', ...args] = onServerCore(line);
  const child = spawn(command, args, {
    // Their log output is discarded, but the cost of writing it is included.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...processEnvironment(), NODE_ENV: 'production' },
  });
  let complaint = '';
  child.stderr?.on('data', (text: Buffer) => (complaint = `${complaint}${text.toString()}`.slice(-2_000)));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${name} ended early: ${complaint}`);
  });
  // An exit is expected in the end.
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
