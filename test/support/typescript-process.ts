import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Node options for a process that a test starts: an embedded database is compiled quickly rather than well, because
 * most are closed before better code would pay off.
 */
export const quickDatabase: readonly string[] = ['--liftoff-only'];

/** Variables for such a process: compiled code is shared between processes, which saves a third of the start. */
export const sharedCode: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/node-compile'),
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts a TypeScript file of the repository in a separate process; standard output and error are pipes. `through` is
 * a command that runs it, such as `unshare --pid`. NODE_ENV makes it ignore a developer's `.env` files.
 */
export function startTypeScript(
  file: string,
  args: string[] = [],
  env: Environment = {},
  through: readonly string[] = [],
  cwd?: string,
): ChildProcess {
  const hooks = join(import.meta.dirname, 'run-typescript.mjs');
  // Jest's own NODE_OPTIONS are not passed on.
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
