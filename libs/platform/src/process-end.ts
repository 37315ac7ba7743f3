import { exitCodes, ExitError } from './exit.js';
import { redactText } from './logger.js';

// Every command of this repository exits through this file, so that no output is lost. Node writes to a pipe
// asynchronously, and process.exit does not wait for that (Node documentation, "A note on process I/O").

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;
/** How long a stopping process waits for a reader of its output, in milliseconds. */
const outputWaitMs = 5_000;

let signalled = false;
/** The error that keeps an output from being written; a reader that has closed the pipe does not count. */
let failure: NodeJS.ErrnoException | undefined;

/**
 * Runs `main` with the arguments of this process and exits with the code that it resolves with. An {@link ExitError}
 * ends the process with its sentence and code, any other error with its stack and 1. If a reader closes the output,
 * as `head` does, the work continues and keeps its exit code; further output is dropped.
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
  // After a signal the handler ends the process: closing parts makes their callers fail.
  return signalled ? never() : endProcess(code);
}

/** Writes to standard error why a command failed. Returns its exit code. */
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
 * Calls `close` at the first SIGINT or SIGTERM, then exits with 128 plus the number of the signal; exits immediately
 * at the second.
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

/** Tells whether the process is stopping because of a signal. */
export const isStopping = (): boolean => signalled;

/** Exits once the readers of standard output and error have read everything, or after `waitMs`. */
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
    // The callback of an empty write runs after all earlier writes, failed or not.
    (output) => new Promise<void>((resolve) => output.write('', () => resolve())),
  );
  const limit = new Promise<void>((resolve) => {
    if (waitMs !== Infinity) setTimeout(resolve, waitMs);
  });
  await Promise.race([Promise.all(outputs), limit]);
}

const never = () => new Promise<never>(() => undefined);
