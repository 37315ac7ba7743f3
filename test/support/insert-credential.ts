import { randomUUID } from 'node:crypto';
import type { Database } from '#gatehouse/database';

interface Inserted {
  readonly clientId: string;
  readonly strategy: string;
  /** The subject of its principal. */
  readonly subject: string;
}

/** Inserts an active credential that the Dev Center did not create, as the migration of an old database leaves it. */
export async function insertCredential(
  pool: Database['pool'],
  { clientId, strategy, subject }: Inserted,
): Promise<void> {
  await pool.query(
    `insert into credentials (id, client_id, strategy, subject, state) values ($1, $2, $3, $4, 'active')`,
    [randomUUID(), clientId, strategy, subject],
  );
}
