import type { Revocation, RevocationMemory, RevocationNews, RevocationReading, Turn } from '#gatehouse/auth';
import type { Database } from '#gatehouse/database';
import type { Clock, Logger } from '#gatehouse/platform';
import * as sql from './statements.js';

/** How often, at most, one replica deletes expired rows. */
const sweepMs = 60_000;

/** Matches a mark within a complete read: the mark from before it, and the last key that was read. */
const midway = /^(\S+) (.*)$/s;

/**
 * The members of a {@link Database} that are needed. The pool is read at each use, and may throw while the tables do
 * not exist.
 */
export type RevocationDatabase = Pick<Database, 'pool' | 'kind'>;

/** Registers listeners of {@link PostgresRevocations}. */
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
 * Revocations in the tables `revocations` and `shared_work` of the todo database, shared by all replicas. Methods
 * reject with the driver's error if the database does not answer, or has no tables so far.
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
    // Unnamed, so that it is planned for this mark: by the index if little is new, which a generic plan would not
    // use.
    const { rows } = await this.#pool.query<sql.ReadRow>({ text: sql.readSince, values: [mark] });
    const at = rows.findIndex(sql.isMark);
    const next = rows.splice(at, 1)[0]?.key ?? '';
    const isOfSameServer = next.split('@')[1] === mark.split('@')[1];
    return isOfSameServer ? { revocations: rows as Revocation[], mark: next } : this.read();
  }

  /** Reads a part. Rows that are recorded meanwhile have a transaction at or above the mark, which was read before. */
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

  /**
   * Deletes expired rows now and then. Only recording adds rows, so this is the place to sweep. The caller does not
   * wait for it.
   */
  #sweepNowAndThen(): void {
    const { clock, log } = this.parts;
    if (clock() - this.#sweptAt < sweepMs) return;
    this.#sweptAt = clock();
    this.#sweep().catch((error: unknown) => {
      log.warn({ err: error }, 'expired revocations could not be deleted; retrying later');
    });
  }
}
