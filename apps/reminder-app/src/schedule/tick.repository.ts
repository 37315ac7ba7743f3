import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** How long until a worker that fell silent is replaced; longer than it may wait for one page of todos. */
const leaseSeconds = 120;
/** A tick further ahead was taken by a worker whose clock is wrong, and must not keep the others from theirs. */
const isAhead = "tick > now() + interval '1 minute'";

/** The ticks of the schedule, each taken by one of the workers that share the database. */
export class TickRepository {
  readonly #worker = randomUUID();

  /** `alone`: no other worker can be alive, so that a lease need not run out. */
  constructor(
    private readonly pool: pg.Pool,
    private readonly alone: boolean,
  ) {}

  /** Asks for the tick of the instant `tick`: `mine` to run it, `theirs` while somebody else does, or `done`. */
  async take(tick: Date): Promise<'mine' | 'theirs' | 'done'> {
    const { rowCount } = await this.pool.query(
      `insert into progress as known (tick, tick_held_by, tick_lease_until)
       values ($1, $2, now() + $3 * interval '1 second')
       on conflict (id) do update
       set tick = excluded.tick, tick_held_by = excluded.tick_held_by, tick_lease_until = excluded.tick_lease_until
       where known.tick is null or known.tick < $1 or (known.tick > $1 and known.${isAhead}) or (known.tick = $1 and known.tick_lease_until is not null
         and (known.tick_lease_until < now() or ($4 and known.tick_held_by <> $2)))`,
      [tick, this.#worker, leaseSeconds, this.alone],
    );
    if (rowCount === 1) return 'mine';
    const { rows } = await this.pool.query<{ done: boolean }>(
      `select (tick > $1 and not ${isAhead}) or tick_lease_until is null as done from progress`,
      [tick],
    );
    return rows[0]?.done === true ? 'done' : 'theirs';
  }

  /** Says that the worker is still at its tick. */
  async renew(): Promise<void> {
    await this.#setLease(`now() + ${leaseSeconds} * interval '1 second'`);
  }

  /** The tick is done with; nobody runs it again. */
  async finish(): Promise<void> {
    await this.#setLease('null');
  }

  /** Leaves the tick, unless it is done, to the first worker that comes after the given seconds. */
  async postpone(seconds: number): Promise<void> {
    await this.#setLease(`now() + ${seconds} * interval '1 second'`);
  }

  async #setLease(until: string): Promise<void> {
    await this.pool.query(
      `update progress set tick_lease_until = ${until} where tick_held_by = $1 and tick_lease_until is not null`,
      [this.#worker],
    );
  }
}
