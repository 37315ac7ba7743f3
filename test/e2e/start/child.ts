import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quickDatabase, sharedCode } from '../../support/typescript-process.js';

const root = join(import.meta.dirname, '../../..');
const main = join(root, 'dist/tools/start/src/main.js');

export interface Child {
  readonly pid: number;
  /** The output so far, of both streams. */
  output(): string;
  /**
   * Resolves with the first match of `pattern` in the output; rejects with the output if the process exits without
   * one.
   */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code; null if a signal ended the process. */
  readonly exit: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

const running = new Set<ChildProcess>();

/** For afterEach: kills the processes that a failed test left behind. */
export function killStarted(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Runs the built `npm start` with these variables, on free ports. */
export function start(args: readonly string[], variables: NodeJS.ProcessEnv): Child {
  if (!existsSync(main)) throw new Error('npm start is not built: run npm run build first');
  const ports = Object.fromEntries(
    [
      'TODO_API_PORT',
      'TODO_API_METRICS_PORT',
      'DEV_CENTER_PORT',
      'SANDBOX_PORT',
      'MAILBOX_PORT',
      'SMTP_PORT',
      'UNSUBSCRIBE_PORT',
    ].map((name) => [name, '0']),
  );
  const { PATH } = process.env;
  const child = spawn(process.execPath, [...quickDatabase, main, ...args], {
    cwd: root,
    // Tests do not read a developer's .env file.
    env: { PATH, NODE_ENV: 'test', ...sharedCode, ...ports, ...variables },
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid ?? 0,
    output: () => text,
    exit,
    kill: (signal) => child.kill(signal),
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text);
          if (found) resolve(found);
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        void exit.then(() => reject(new Error(`ended without saying ${String(pattern)}:\n${text}`)));
        look();
      }),
  };
}
