import type { Revocation, RevocationMemory, RevocationNews, RevocationReading, Turn } from '#gatehouse/auth';
import type { Database } from '#gatehouse/database';
import type { Clock, Logger } from '#gatehouse/platform';
import * as sql from './statements.js';

/** How often, at most, one replica deletes what has expired. */
const sweepMs = 60_000;

/** A mark amid a reading of all: the one from before it, and the key that it came to. */
const midway = /^(\S+) (.*)$/s;

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
 * Revocations in the tables `revocations` and `shared_work` of the todo database, shared by all replicas. A method
 * rejects with the driver's error while the database does not answer, or has no tables yet.
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

  async read(mark?: string): Promise<RevocationReading> {
    if (!mark) {
      const { rows } = await this.#pool.query<{ mark: string }>(sql.readMark);
      return this.#readPart(rows[0]?.mark ?? '', '');
    }
    const [, begun, lastKey] = midway.exec(mark) ?? [];
    if (begun !== undefined && lastKey !== undefined) return this.#readPart(begun, lastKey);
    // Without a name it is planned for this mark: by the index where little is new, which a plan for all marks is not.
    const { rows } = await this.#pool.query<sql.ReadRow>({ text: sql.readSince, values: [mark] });
    const at = rows.findIndex(sql.isMark);
    const next = rows.splice(at, 1)[0]?.key ?? '';
    const isOfSameServer = next.split('@')[1] === mark.split('@')[1];
    return isOfSameServer ? { revocations: rows as Revocation[], mark: next } : this.read();
  }

  /** What is recorded while the parts are read has a transaction that is not below the mark, which was taken before. */
  async #readPart(mark: string, afterKey: string): Promise<RevocationReading> {
    const { rows } = await this.#pool.query<Revocation>(sql.readPart, [afterKey]);
    const last = rows.length === sql.partSize ? rows.at(-1) : undefined;
    return last
      ? { revocations: rows, mark: `${mark} ${last.key}`, more: true }
      : { revocations: rows, mark };
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
