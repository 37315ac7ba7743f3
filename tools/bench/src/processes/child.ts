import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { processEnvironment } from '#gatehouse/platform';
import { onServerCore } from './cores.js';
import type { Answer, Question } from './in-child.js';

/** A process of its own, asked by messages. It ends with this one. */
export interface Child {
  /** Where it listens; empty when it does not. */
  readonly url: string;
  ask<T = void>(name: string, value?: unknown): Promise<T>;
}

export interface ChildOptions {
  /** Whether it is measured, and so has a core for itself. */
  readonly measured: boolean;
  /** Options of Node, `--cpu-prof` for example. */
  readonly nodeOptions?: readonly string[];
}

const running = new Set<ChildProcess>();

/** Starts `file` of targets/ with `settings`; resolves once it says that it is ready. */
export async function startChild(file: string, settings: unknown, options: ChildOptions): Promise<Child> {
  const script = join(import.meta.dirname, '..', 'targets', `${file}.js`);
  const line = [process.execPath, ...(options.nodeOptions ?? []), script, JSON.stringify(settings)];
  const [command = '', ...args] = options.measured ? onServerCore(line) : line;
  const child = spawn(command, args, {
    // What they log goes nowhere, but they have written it.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...processEnvironment(), NODE_ENV: 'production' },
  });
  running.add(child);
  let complaint = '';
  child.stderr?.on('data', (text: Buffer) => (complaint = `${complaint}${text.toString()}`.slice(-2_000)));
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  child.once('exit', () => {
    running.delete(child);
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended early: ${complaint}`));
  });
  child.on('message', ({ id, value, error }: Answer) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error === undefined) resolve?.(value as never);
    else reject?.(new Error(`${file}: ${error}`));
  });
  let questions = 0;
  const ask = <T>(name: string, value?: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!running.has(child)) return reject(new Error(`${file} has ended: ${complaint}`));
      const question: Question = { id: (questions += 1), name, value };
      waiting.set(question.id, { resolve, reject });
      child.send(question);
    });
  return { url: await ask<string>('ready'), ask };
}

/** Ends every child and waits until all are gone; one that lingers for 5 s is killed. */
export async function stopChildren(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.connected) child.disconnect();
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await gone;
      clearTimeout(late);
    }),
  );
}
