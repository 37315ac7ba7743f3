import type { RevocationNews } from '#gatehouse/auth';
import { DatabaseProblem, databaseProblem, type OwnConnection } from '#gatehouse/database';
import { type Logger, systemPause } from '#gatehouse/platform';
import type { Listening } from './postgres-revocations.js';
import { channel } from './statements.js';

/** Milliseconds. */
export const newsLimits = {
  /** Between two signs of life. A connection that nobody uses may be gone for hours without a word. */
  heartbeatMs: 1_000,
  /** For an answer; what takes longer counts as silence, and the connection is replaced. */
  answerMs: 2_000,
  /** The longest wait before connecting again. */
  reconnectMs: 1_000,
} as const;

const late = 'Revocations that other replicas record may arrive late';

/**
 * Listens on a connection of its own for what other replicas record, and replaces that connection whenever it breaks, goes
 * silent or cannot be made. News are given after every connection too, since those of the time before it are lost.
 */
export class ServerNews implements Listening {
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  #connection: OwnConnection | undefined;
  #problem: string | undefined = `${late}: the connection that listens for them is not made yet`;
  #first: Promise<void> | undefined;

  constructor(
    private readonly connect: () => OwnConnection,
    private readonly log: Logger,
  ) {}

  listen(onNews: () => void): RevocationNews {
    // Its own listener each, so that closing one leaves another alone.
    const listener = () => onNews();
    this.#listeners.add(listener);
    void this.start().catch(() => undefined);
    const close = () => {
      this.#listeners.delete(listener);
      return Promise.resolve();
    };
    return { problem: () => this.#problem, close };
  }

  /**
   * Resolves after the first attempt to connect, also where the server is down. Rejects with a {@link DatabaseProblem} (exit
   * code 78) where somebody must act first. Starting again returns the same.
   */
  start(): Promise<void> {
    this.#first ??= new Promise((resolve, reject) => {
      void this.#keepListening((error) => {
        if (error instanceof DatabaseProblem && !error.passes) reject(error);
        else resolve();
      });
    });
    return this.#first;
  }

  close(): Promise<void> {
    this.#stop.abort();
    this.#connection?.hangUp();
    return Promise.resolve();
  }

  /** Calls `attempted` after each attempt to connect, with the error of a failed one. */
  async #keepListening(attempted: (error?: unknown) => void): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const connection = (this.#connection = this.connect());
      try {
        await this.#begin(connection);
        attempted();
        await untilSilent(connection);
      } catch (error) {
        attempted(error);
        this.#failed(error);
      }
      connection.hangUp();
      // At random, so that all replicas of a server that restarts do not come back in one moment.
      const delayMs = newsLimits.reconnectMs * (0.1 + 0.9 * Math.random());
      await systemPause(delayMs, signal).catch(() => undefined);
    }
    attempted();
  }

  async #begin(connection: OwnConnection): Promise<void> {
    await connection.open();
    connection.client.on('notification', () => this.#tell());
    await connection.client.query(`listen ${channel}`);
    this.#problem = undefined;
    this.log.info('listening for revocations of other replicas');
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #failed(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const problem = databaseProblem(error);
    const sentence =
      problem && !problem.passes
        ? `${late}: ${problem.message}`
        : `${late}: the connection that listens for them is down, and is tried again each second`;
    // An outage is one line in the log.
    if (sentence !== this.#problem) this.log.warn({ err: error }, sentence);
    this.#problem = sentence;
  }
}

/** Rejects once the connection breaks or does not answer in time. */
async function untilSilent({ client }: OwnConnection): Promise<never> {
  const ended = new AbortController();
  client.once('end', () => ended.abort(new Error('The connection was ended')));
  for (;;) {
    await systemPause(newsLimits.heartbeatMs, ended.signal);
    await client.query('select 1');
  }
}
