import type { Revocation, RevocationMemory, RevocationNews, RevocationReading, Turn } from '#gatehouse/auth';
import type { Database } from '#gatehouse/database';
import type { Clock, Logger } from '#gatehouse/platform';
import * as sql from './statements.js';

/** How often, at most, one replica deletes what has expired. */
const sweepMs = 60_000;

/** What it needs of a {@link Database}; the pool is read at each use, and may throw while there are no tables yet. */
export type RevocationDatabase = Pick<Database, 'pool' | 'kind'>;

/** What {@link PostgresRevocations} passes a listener to. */
export interface Listening {
  listen(onNews: () => void): RevocationNews;
}

interface Parts {
  readonly database: RevocationDatabase;
  readonly news: Listening;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Revocations in the tables `revocations` and `shared_work` of the todo database, shared by all replicas. Every method is
 * one statement; it rejects with the driver's error while the database does not answer, or has no tables yet.
 */
export class PostgresRevocations implements RevocationMemory {
  #sweptAt = -Infinity;

  constructor(private readonly parts: Parts) {}

  async record(revocations: readonly Revocation[]): Promise<number> {
    if (revocations.length === 0) return 0;
    const { rows } = await this.#pool.query<{ moved: number }>({
      name: 'record-revocations',
      text: sql.record,
      values: [
        revocations.map(({ key }) => key),
        revocations.map(({ revokedBefore }) => revokedBefore),
        revocations.map(({ keepUntil }) => keepUntil),
      ],
    });
    this.#sweepNowAndThen();
    return rows[0]?.moved ?? 0;
  }

  async read(mark = ''): Promise<RevocationReading> {
    // Without a name it is planned for this mark: by the index where little is new, which a plan for all marks is not.
    const { rows } = await this.#pool.query<sql.ReadRow>({ text: sql.read, values: [mark] });
    const at = rows.findIndex(sql.isMark);
    const [next] = rows.splice(at, 1);
    // The driver has made the rows as we pass them on: of 100,000 there is no second copy.
    return { revocations: rows as Revocation[], mark: next?.key ?? '' };
  }

  listen(onNews: () => void): RevocationNews {
    return this.parts.news.listen(onNews);
  }

  async takeTurn(name: string, everyMs: number): Promise<Turn> {
    const { rows } = await this.#pool.query<{ mine: boolean; doneUntil: number | null }>({
      name: 'take-turn',
      text: sql.takeTurn,
      values: [name, everyMs],
    });
    return { mine: rows[0]?.mine ?? false, doneUntil: rows[0]?.doneUntil ?? undefined };
  }

  async endTurn(name: string, doneUntil: number): Promise<void> {
    await this.#pool.query({ name: 'end-turn', text: sql.endTurn, values: [name, doneUntil] });
  }

  get #pool() {
    return this.parts.database.pool;
  }

  async #sweep(): Promise<void> {
    let deleted: number | null;
    do ({ rowCount: deleted } = await this.#pool.query(sql.deleteExpired));
    while (deleted === sql.batch);
  }

  /** The table grows by what is recorded only, so this is the place to sweep. The caller does not wait for it. */
  #sweepNowAndThen(): void {
    const { clock, log } = this.parts;
    if (clock() - this.#sweptAt < sweepMs) return;
    this.#sweptAt = clock();
    this.#sweep().catch((error: unknown) => {
      log.warn({ err: error }, 'expired revocations could not be deleted; tried again later');
    });
  }
}
