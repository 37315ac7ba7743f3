import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Options of Node for a process that a test starts: an embedded database is compiled quickly rather than well, because
 * most are closed before better code would have paid for itself.
 */
export const quickDatabase: readonly string[] = ['--liftoff-only'];

/** Variables for such a process: what one has compiled the next need not, a third of what it takes to start. */
export const sharedCode: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/node-compile'),
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts a TypeScript file of the repository in a process of its own; standard output and error are pipes. `through` is
 * a command that runs it, `unshare --pid` for example. No `.env` file of a developer counts there, by NODE_ENV.
 */
export function startTypeScript(
  file: string,
  args: string[] = [],
  env: Environment = {},
  through: readonly string[] = [],
  cwd?: string,
): ChildProcess {
  const hooks = join(import.meta.dirname, 'run-typescript.mjs');
  // Jest's own NODE_OPTIONS are not the child's.
  const { NODE_OPTIONS: _ignored, ...inherited } = process.env;
  const node = [process.execPath, ...quickDatabase, '--conditions=source', '--import', hooks, file, ...args];
  const [program, ...rest] = [...through, ...node];
  return spawn(program!, rest, {
    cwd,
    env: { NODE_ENV: 'test', ...inherited, ...sharedCode, ...env },
  });
}

/** Runs a TypeScript file to its end. */
export async function runTypeScript(file: string, args: string[] = [], env: Environment = {}, cwd?: string) {
  const child = startTypeScript(file, args, env, [], cwd);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ]);
  return { exitCode: child.exitCode, stdout, stderr };
}
