import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { processEnvironment } from '#gatehouse/platform';
import { freePort } from '../support/free-port.js';

export interface Program {
  readonly url: string;
  /** Returns its output on stdout and stderr. */
  output(): string;
  /** Stops it and resolves with its exit code; null when it had to be killed after five seconds. */
  stop(): Promise<number | null>;
}

/** Runs a server that listens at PORT; resolves when it answers, with any status. */
export async function startProgram(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<Program> {
  const port = await freePort();
  const program = spawn(process.execPath, [file], {
    env: { ...processEnvironment(), NODE_ENV: 'test', PORT: String(port), ...environment },
  });
  let text = '';
  for (const stream of [program.stdout, program.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString()));
  const exited = once(program, 'exit') as Promise<[number | null]>;
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url, program, () => text);
  return {
    url,
    output: () => text,
    async stop() {
      program.kill();
      const timer = setTimeout(() => program.kill('SIGKILL'), 5_000);
      const [code] = await exited;
      clearTimeout(timer);
      return code;
    },
  };
}

async function untilAnswers(url: string, program: ChildProcess, output: () => string): Promise<void> {
  for (let attempt = 0; attempt < 300 && program.exitCode === null; attempt += 1) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await delay(100);
  }
  program.kill('SIGKILL');
  throw new Error(`the program did not answer within 30 s:\n${output()}`);
}
