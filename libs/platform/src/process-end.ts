import { exitCodes, ExitError } from './exit.js';
import { redactText } from './logger.js';

// How every command of this repository ends, so that nothing it has written is lost. Node writes to a pipe in the
// background, and process.exit does not wait for that (Node documentation, "A note on process I/O").

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;
/** How long a stopping process waits for a reader of its output. */
const outputWaitMs = 5_000;

let signalled = false;
/** What keeps an output from taking more; a reader that went away does not count. */
let failure: NodeJS.ErrnoException | undefined;

/**
 * Runs `main` with the arguments of this process and exits with the code that it resolves with. An {@link ExitError} ends
 * the process with its sentence and code, any other error with its stack and 1. When a reader of the output goes away,
 * as `head` does, the work continues and keeps its exit code; the output is dropped.
 */
export async function runMain(
  name: string,
  main: (args: readonly string[]) => Promise<number>,
): Promise<never> {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') failure ??= error;
    });
  }
  const run = async () => main(process.argv.slice(2));
  const code = await run().catch((error: unknown) =>
    signalled ? exitCodes.unexpected : explain(name, error),
  );
  // After a signal its handler ends the process: closing what was started makes its callers fail.
  return signalled ? never() : endProcess(code);
}

/** Writes why a command failed to standard error. Returns its exit code. */
function explain(name: string, error: unknown): number {
  if (error instanceof ExitError) {
    process.stderr.write(`${name}: ${error.message}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${name}: stopped by an unexpected error\n${redactText(stack ?? '')}\n`);
  return exitCodes.unexpected;
}

/**
 * At the first SIGINT or SIGTERM calls `close`, then exits with 128 plus the number of the signal; at the second exits at
 * once.
 */
export function endOnSignal(close: (signal: NodeJS.Signals) => Promise<unknown>): void {
  for (const [signal, number] of Object.entries(signalNumbers)) {
    process.on(signal, () => {
      if (signalled) process.exit(128 + number);
      signalled = true;
      void close(signal as NodeJS.Signals).finally(() => endProcess(128 + number, outputWaitMs));
    });
  }
}

/** Whether a signal has told the process to stop. */
export const isStopping = (): boolean => signalled;

/** Exits once the readers of standard output and error have taken everything, or after `waitMs`. */
export async function endProcess(code: number, waitMs = Infinity): Promise<never> {
  await flushed(waitMs);
  if (failure !== undefined && code === exitCodes.done) {
    process.stderr.write(`The output could not be written (${failure.code ?? failure.message}).\n`);
    await flushed(waitMs);
    process.exit(exitCodes.unexpected);
  }
  process.exit(code);
}

async function flushed(waitMs: number): Promise<void> {
  const outputs = [process.stdout, process.stderr].map(
    // An empty write is called back after those before it, with or without an error.
    (output) => new Promise<void>((resolve) => output.write('', () => resolve())),
  );
  const limit = new Promise<void>((resolve) => {
    if (waitMs !== Infinity) setTimeout(resolve, waitMs);
  });
  await Promise.race([Promise.all(outputs), limit]);
}

const never = () => new Promise<never>(() => undefined);
