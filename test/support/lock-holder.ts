import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startTypeScript } from './typescript-process.js';

/** Runs a program in a separate process-id namespace, as a container does. */
export const ownNumbers = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Tells whether this user may create such a namespace, which needs root or a permissive kernel. */
export const mayHaveOwnNumbers = spawnSync(ownNumbers[0]!, [...ownNumbers.slice(1), 'true']).status === 0;

export interface LockHolder {
  /** `held`, or the error with which the lock was refused. */
  readonly answer: string;
  kill(): Promise<void>;
}

/** Starts another process that takes the lock of `path`. */
export async function lockHolder(path: string, through: readonly string[] = []): Promise<LockHolder> {
  const child = startTypeScript(join(import.meta.dirname, 'hold-lock.ts'), [path], {}, through);
  const [answer] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return { answer, kill: () => killed(child) };
}

/** Resolves when the process is gone; SIGKILL ends it without cleanup. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}
