import type { Logger } from './logger.js';

type Closer = readonly [name: string, close: () => Promise<unknown>];

/**
 * Closes parts in the reverse order of their start, so that servers stop taking work before their database closes.
 * All of it takes at most `limitSeconds`; a part that takes longer is named in the log and abandoned.
 */
export class Shutdown {
  readonly #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  constructor(
    private readonly log: Logger,
    private readonly limitSeconds = 20,
  ) {}

  add(name: string, close: () => Promise<unknown>): void {
    this.#closers.push([name, close]);
  }

  now(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const deadline = Date.now() + this.limitSeconds * 1000;
    for (const [name, close] of this.#closers.reverse()) {
      const done = await Promise.race([
        closePart(this.log, name, close).then(() => true),
        new Promise<false>((resolve) =>
          setTimeout(() => resolve(false), Math.max(0, deadline - Date.now())).unref(),
        ),
      ]);
      if (!done)
        this.log.error({ part: name, limitSeconds: this.limitSeconds }, 'did not close in time; abandoned');
    }
  }
}

/** Runs `start` and returns its result. If it throws, closes first what it added to the shutdown. */
export async function startOrClose<T>(log: Logger, start: (shutdown: Shutdown) => Promise<T>): Promise<T> {
  const shutdown = new Shutdown(log);
  try {
    return await start(shutdown);
  } catch (error) {
    await shutdown.now();
    throw error;
  }
}

/** Closes a part. An error is logged, so that the parts after it are closed too. */
export async function closePart(log: Logger, part: string, close: () => Promise<unknown>): Promise<void> {
  try {
    await close();
  } catch (error) {
    log.error({ err: error, part }, 'could not be closed');
  }
}
