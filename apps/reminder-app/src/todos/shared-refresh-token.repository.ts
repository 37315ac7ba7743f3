import { createHash } from 'node:crypto';
import type pg from 'pg';
import { CredentialFailure, type RefreshTokenStore, type Spent } from '#gatehouse/credentials';
import type { Logger } from '#gatehouse/platform';
import { transaction } from '../ledger/transaction.js';

/** Longer than a refresh may take, so that a second worker waits until the first has finished. */
const lockTimeoutMs = 60_000;

interface Row {
  readonly token: string;
  readonly seeds: string[];
}

/**
 * One refresh token for all workers of a database: a row, locked while the token is used. A configured token
 * is used once: it replaces the row when it is first read, and is ignored later. So an operator can replace an invalid
 * token by configuring a new one, and a worker with an old copy cannot revert a rotation.
 */
export class SharedRefreshToken implements RefreshTokenStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly source: string,
    private readonly readSeed: () => Promise<string>,
    private readonly log: Logger,
  ) {}

  /** Checks that there is a token; the file may be missing once its token is in the row. */
  async check(): Promise<void> {
    const seed = await this.#seed();
    if (seed.error === undefined) return;
    const { rowCount } = await this.pool.query('select 1 from refresh_tokens where source = $1', [
      this.source,
    ]);
    if (rowCount === 0) throw seed.error;
  }

  async rotate<T>(spend: (refreshToken: string) => Promise<Spent<T>>): Promise<T> {
    const seed = await this.#seed();
    return transaction(this.pool, async (client) => {
      const row = await this.#lockedRow(client, seed.token);
      if (!row) throw seed.error ?? new Error('the row of the refresh token does not exist');
      if (seed.error) {
        this.log.warn(
          { reason: seed.error.message },
          'the refresh token in the database is used without its file',
        );
      }
      const fingerprint = fingerprintOf(seed.token ?? row.token);
      const isNew = seed.token !== undefined && !row.seeds.includes(fingerprint);
      const token = isNew ? seed.token : row.token;
      const { successor, value } = await spend(token).catch((error: unknown) => {
        throw withHint(error, seed.error);
      });
      await client.query(
        'update refresh_tokens set token = $2, seeds = $3, updated_at = now() where source = $1',
        [this.source, successor ?? token, isNew ? [...row.seeds, fingerprint] : row.seeds],
      );
      return value;
    });
  }

  async #seed(): Promise<{ readonly token?: string; readonly error?: Error }> {
    return this.readSeed().then(
      (token) => ({ token }),
      (error: unknown) => ({ error: error as Error }),
    );
  }

  async #lockedRow(client: pg.PoolClient, seed: string | undefined): Promise<Row | undefined> {
    const query = (text: string, values: unknown[]) =>
      client.query<Row>({ text, values, query_timeout: lockTimeoutMs } as pg.QueryConfig);
    await client.query(`set local statement_timeout = ${lockTimeoutMs}`);
    if (seed !== undefined) {
      await query(
        `insert into refresh_tokens (source, token, seeds, updated_at) values ($1, $2, array[$3], now())
         on conflict (source) do nothing`,
        [this.source, seed, fingerprintOf(seed)],
      );
    }
    const { rows } = await query('select token, seeds from refresh_tokens where source = $1 for update', [
      this.source,
    ]);
    return rows[0];
  }
}

/** Adds a hint to a refusal: the token may have been replaced already, by a file that cannot be read. */
const withHint = (error: unknown, hint: Error | undefined): unknown =>
  hint && error instanceof CredentialFailure && error.kind === 'refused'
    ? new CredentialFailure('refused', `${error.message} ${hint.message}`)
    : error;

const fingerprintOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
