import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

interface Reply {
  readonly id: number | 'ready';
  readonly answer?: unknown;
  readonly error?: string;
}

export interface DeployedFunction {
  /** Resolves with the function's answer; rejects with the message of the error that it throws. */
  invoke(event: object): Promise<unknown>;
  /** Its output so far. */
  output(): string;
  /** Resolves when the process has exited and all of its output was read. */
  close(): Promise<void>;
}

/** Bundles the authorizer into a directory, and returns the path of the bundle. */
export function bundleInto(directory: string): string {
  const file = join(directory, 'authorizer.cjs');
  execFileSync(process.execPath, ['scripts/bundle-lambda.mjs', file], { stdio: 'pipe' });
  return file;
}

/** Starts a bundled function with only the given environment. Rejects with its output if the start fails. */
export async function deploy(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<DeployedFunction> {
  const runtime = join(import.meta.dirname, 'runtime.mjs');
  const child = fork(runtime, [file], { env: { ...environment }, execArgv: [], stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => (output += part.toString()));
  const waiting = new Map<Reply['id'], (reply: Reply) => void>();
  child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply));
  const ready = new Promise<Reply>((resolve) => waiting.set('ready', resolve));
  const ended = once(child, 'close').then(() => Promise.reject(new Error(output)));
  ended.catch(() => undefined);
  await Promise.race([ready, ended]);
  let last = 0;
  return {
    async invoke(event) {
      const id = (last += 1);
      const replied = new Promise<Reply>((resolve) => waiting.set(id, resolve));
      child.send({ id, event });
      const { answer, error } = await Promise.race([replied, ended]);
      waiting.delete(id);
      if (error !== undefined) throw new Error(error);
      return answer;
    },
    output: () => output,
    async close() {
      child.kill();
      await ended.catch(() => undefined);
    },
  };
}
