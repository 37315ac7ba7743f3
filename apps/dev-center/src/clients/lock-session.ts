import type { PoolClient } from 'pg';
import type { Database } from '#gatehouse/database';

const lockKey = 'hashtextextended($1, 0)';

/**
 * A database connection with advisory locks: all that a process holds at the time. It is taken from the pool for the
 * first user and closed after the last, which releases what it still has.
 */
export class LockSession {
  readonly #connection: Promise<PoolClient>;
  /** The statement in progress; a connection takes one at a time. */
  #turn: Promise<unknown>;
  #users = 0;

  /** `retire` is called once nobody may begin to use it: it is being closed, or was lost. */
  constructor(
    { pool }: Database,
    private readonly retire: () => void,
  ) {
    this.#connection = pool.connect();
    this.#turn = this.#connection;
    // Losing the connection releases its locks. Then the conditions of each update keep two commands from interfering.
    this.#connection.then((connection) => connection.on('error', retire), retire);
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      return await work();
    } finally {
      this.#users -= 1;
      if (this.#users === 0) {
        this.retire();
        await this.#connection.then((connection) => connection.release(true)).catch(() => undefined);
      }
    }
  }

  /** Tells whether the lock was free; it is then held by this session. */
  async tryLock(client: string): Promise<boolean> {
    return (await this.#ask(`pg_try_advisory_lock(${lockKey})`, client)) === true;
  }

  /** Never throws: where it fails, the connection and its locks are lost. */
  async unlock(client: string): Promise<void> {
    await this.#ask(`pg_advisory_unlock(${lockKey})`, client).catch(() => undefined);
  }

  /** Calls a function of the database, and resolves with its value. */
  async #ask(call: string, client: string): Promise<unknown> {
    const connection = await this.#connection;
    const asked = this.#turn
      .catch(() => undefined)
      .then(() =>
        connection.query<{ value: unknown }>(`select ${call} as value`, [`gatehouse client ${client}`]),
      );
    this.#turn = asked;
    try {
      return (await asked).rows[0]?.value;
    } catch (error) {
      this.retire();
      throw error;
    }
  }
}
