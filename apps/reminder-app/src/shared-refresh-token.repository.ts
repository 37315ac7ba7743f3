import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { RefreshTokenStore, Spent } from '#gatehouse/credentials';
import { transaction } from './transaction.js';

/** Longer than a refresh may take, so that a second worker waits for the first one's to end. Milliseconds. */
const patience = 30_000;

interface Row {
  readonly token: string;
  readonly seeds: string[];
}

/**
 * One refresh token for all workers of a database: a row, locked while the token is spent. A configured token counts
 * once: the first time it is seen it takes the row over, later it is known to be older than what the row holds. So
 * the operator replaces a dead token by configuring another, while a worker with an old copy cannot undo a rotation.
 */
export class SharedRefreshToken implements RefreshTokenStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly source: string,
    private readonly readSeed: () => Promise<string>,
  ) {}

  async rotate<T>(spend: (refreshToken: string) => Promise<Spent<T>>): Promise<T> {
    const seed = await this.readSeed();
    const fingerprint = createHash('sha256').update(seed).digest('base64url');
    return transaction(this.pool, async (client) => {
      const row = await this.#lockedRow(client, seed, fingerprint);
      const isNew = !row.seeds.includes(fingerprint);
      const token = isNew ? seed : row.token;
      const { successor, value } = await spend(token);
      await client.query(
        'update refresh_tokens set token = $2, seeds = $3, updated_at = now() where source = $1',
        [this.source, successor ?? token, isNew ? [...row.seeds, fingerprint] : row.seeds],
      );
      return value;
    });
  }

  async #lockedRow(client: pg.PoolClient, seed: string, fingerprint: string): Promise<Row> {
    const patient = (text: string, values: unknown[]) =>
      client.query<Row>({ text, values, query_timeout: patience } as pg.QueryConfig);
    await client.query(`set local statement_timeout = ${patience}`);
    await patient(
      `insert into refresh_tokens (source, token, seeds, updated_at) values ($1, $2, array[$3], now())
       on conflict (source) do nothing`,
      [this.source, seed, fingerprint],
    );
    const { rows } = await patient('select token, seeds from refresh_tokens where source = $1 for update', [
      this.source,
    ]);
    return rows[0] ?? { token: seed, seeds: [fingerprint] };
  }
}
