import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { exitCodes, ExitError, shipped } from '#gatehouse/platform';
import type { Database, DatabaseName } from './open-database.js';

// The lock of Prisma's own tools, so that they and several replicas that start at the same time wait for each other.
const prismaLock = 72_707_369;
const timeoutMs = 600_000;

// As Prisma's schema engine creates it.
const bookkeeping = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
  started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
  /** With either line ending: as Git checks the file out here, or as it was where the migration was applied. */
  readonly checksums: readonly string[];
}

/**
 * Applies the pending migrations in `directory` to `database` and returns their names. Each runs in one transaction
 * with its bookkeeping, so a killed process leaves none half applied. Throws the driver's error if the database
 * cannot be reached (retry), {@link ExitError} 78 if its history contradicts the directory (do not retry).
 */
export async function migrate(database: Database, directory: string): Promise<string[]> {
  const client = await database.pool.connect();
  try {
    await run(client, `set statement_timeout = ${timeoutMs}`);
    await run(client, `select pg_advisory_lock(${prismaLock})`);
    await createSchema(client, database.schema);
    await run(client, bookkeeping);
    const pending = await pendingMigrations(client, readMigrations(directory));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    // The lock and the settings end with the session.
    client.release(true);
  }
}

/** Returns the directory of an app's migrations, from the sources and from dist. */
export const migrationsOf = (name: DatabaseName): string => shipped(`prisma/${name}/migrations`);

const run = (client: pg.PoolClient, text: string, values: unknown[] = []) =>
  client.query<Record<string, unknown>>({
    text,
    ...(values.length > 0 ? { values } : {}),
    query_timeout: timeoutMs,
  } as pg.QueryConfig);

/**
 * Creates the schema if it does not exist. `create schema if not exists` requires the privilege to create one even if
 * it exists.
 */
async function createSchema(client: pg.PoolClient, schema: string): Promise<void> {
  const { rows } = await run(client, 'select 1 from pg_namespace where nspname = $1', [schema]);
  if (rows.length === 0) await run(client, `create schema "${schema}"`);
}

function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const file = readFileSync(join(directory, name, 'migration.sql'), 'utf8');
      const sql = file.replaceAll('\r\n', '\n');
      return { name, sql, checksum: checksumOf(sql), checksums: checksumsOf(sql) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');

/**
 * Returns the checksums with either line ending. Prisma's engine accepts both too; a migration applied on Windows may
 * be recorded with CRLF.
 */
const checksumsOf = (sql: string): string[] => [sql, sql.replaceAll('\n', '\r\n')].map(checksumOf);

async function pendingMigrations(client: pg.PoolClient, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await run(
    client,
    'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
  );
  const applied = new Map(rows.map((row) => [row['migration_name'], row]));
  return migrations.filter(({ name, checksums }) => {
    const row = applied.get(name);
    if (row && row['finished_at'] === null)
      throw contradiction(name, 'was started by another tool and never finished');
    if (row && !checksums.includes(String(row['checksum'])))
      throw contradiction(name, 'was changed after it had been applied');
    return !row;
  });
}

const contradiction = (name: string, what: string): ExitError =>
  new ExitError(
    `Migration ${name} ${what}: restore the file, or resolve it with "prisma migrate resolve", then start again.`,
    exitCodes.badConfiguration,
  );

async function apply(client: pg.PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  await run(client, 'begin');
  try {
    await run(client, sql);
    await run(
      client,
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await run(client, 'commit');
  } catch (error) {
    throw new Error(`Migration ${name} failed and was rolled back`, { cause: error });
  }
}
