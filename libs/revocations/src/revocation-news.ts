import type { RevocationNews } from '#gatehouse/auth';
import { DatabaseProblem, databaseProblem, type OwnConnection } from '#gatehouse/database';
import { type Logger, systemPause } from '#gatehouse/platform';
import type { Listening } from './postgres-revocations.js';
import { channel } from './statements.js';

/** Time limits in milliseconds. */
export const newsLimits = {
  /** Between two heartbeats. An idle connection may be dead for hours without notice. */
  heartbeatMs: 1_000,
  /** For an answer; after that the connection counts as dead and is replaced. */
  answerMs: 2_000,
  /** The longest wait before a new connection. */
  reconnectMs: 1_000,
} as const;

const late = 'Revocations that other replicas record may arrive late';

/**
 * Listens on a separate connection for revocations that other replicas record, and replaces the connection if it
 * breaks, stops answering or cannot be established. Listeners are also called after every new connection, because
 * notifications before it are lost.
 */
export class ServerNews implements Listening {
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  #connection: OwnConnection | undefined;
  #problem: string | undefined = `${late}: the connection that listens for them is not established`;
  #first: Promise<void> | undefined;

  constructor(
    private readonly connect: () => OwnConnection,
    private readonly log: Logger,
  ) {}

  listen(onNews: () => void): RevocationNews {
    // One function for each listener, so that closing one does not affect another.
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
   * Resolves after the first attempt to connect, even if the server is down. Rejects with a {@link DatabaseProblem}
   * (exit code 78) if an operator must act first. Later calls return the same promise.
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
      // Random, so that not all replicas reconnect at the same moment after a restart of the server.
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
        : `${late}: the connection that listens for them is down; retrying every second`;
    // An outage is logged once.
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
