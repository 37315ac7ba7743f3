import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** How long until a silent worker is replaced, in seconds; longer than it may wait for one page of todos. */
const leaseSeconds = 120;
/** True of a tick that a worker with a wrong clock took in the future; it must not block the ticks of other workers. */
const isAhead = "tick > now() + interval '1 minute'";

/** The ticks of the schedule, each taken by one of the workers that share the database. */
export class TickRepository {
  readonly #worker = randomUUID();

  /** `alone`: no other worker can be running, so that a lease need not expire. */
  constructor(
    private readonly pool: pg.Pool,
    private readonly alone: boolean,
  ) {}

  /** Requests the tick at the instant `tick`: `mine` to run it, `theirs` while another worker does, or `done`. */
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

  /** Reports that the worker is still working on its tick. */
  async renew(): Promise<void> {
    await this.#setLease(`now() + ${leaseSeconds} * interval '1 second'`);
  }

  /** Marks the tick as done; nobody runs it again. */
  async finish(): Promise<void> {
    await this.#setLease('null');
  }

  /** Leaves the tick, unless it is done, to the first worker that requests it after the given seconds. */
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
