import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** Starts a TypeScript file of the repository in a process of its own; standard output and error are pipes. */
export function startTypeScript(
  file: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const flags = [
    '--conditions=source',
    '--experimental-transform-types',
    '--disable-warning=ExperimentalWarning',
  ];
  const hooks = join(import.meta.dirname, 'run-typescript.mjs');
  // Jest's own NODE_OPTIONS are not the child's.
  const { NODE_OPTIONS: _ignored, ...inherited } = env;
  return spawn(process.execPath, [...flags, '--import', hooks, file, ...args], { env: inherited });
}
