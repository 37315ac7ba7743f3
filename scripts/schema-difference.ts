import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  type ColumnType,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { type Database, type DatabaseName, openDatabase, prismaAdapter } from '#gatehouse/database';
import { createLogger } from '#gatehouse/platform';
import { databaseTemplate } from '../test/support/embedded-database.js';

export const databases = ['todo', 'reminder'] as const satisfies DatabaseName[];

/**
 * Returns the SQL that leads from the migrations of `database` to `schema`, the text of its schema.prisma; undefined
 * where they agree. Prisma's own schema engine decides, compiled to WebAssembly, so that nothing is downloaded; it
 * replays the migrations in an embedded PostgreSQL. Objects that Prisma's language cannot express (indexes on
 * expressions, partial indexes, triggers) do not count as a difference. Throws when a migration fails or the schema is
 * invalid.
 */
export async function schemaDifference(
  database: DatabaseName,
  schema = readFileSync(`prisma/${database}/schema.prisma`, 'utf8'),
): Promise<string | undefined> {
  await using shadow = await emptyDatabase(database);
  const files = [{ path: 'schema.prisma', content: schema }];
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, shadow.factory);
  const { exitCode, stdout } = await engine.diff({
    from: { tag: 'migrations', ...(await migrationsIn(resolve(`prisma/${database}/migrations`))) },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  return exitCode === 0 ? undefined : (stdout ?? '');
}

async function migrationsIn(baseDir: string) {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const directories = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const read = async (path: string) => {
    const content = {
      tag: 'ok' as const,
      value: await readFile(join(baseDir, path, 'migration.sql'), 'utf8'),
    };
    return { path, migrationFile: { path: 'migration.sql', content } };
  };
  const lockfile = 'migration_lock.toml';
  return {
    baseDir,
    lockfile: { path: lockfile, content: await readFile(join(baseDir, lockfile), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(directories.toSorted().map(read)),
  };
}

async function emptyDatabase(name: DatabaseName) {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  const template = await databaseTemplate();
  const database = await openDatabase({ name, dataDir, log: createLogger('migrate', 'silent'), template });
  await database.pool.query(`create schema "${name}"`);
  return {
    factory: bindMigrationAwareSqlAdapterFactory(adapterForSchemaEngine(database)),
    async [Symbol.asyncDispose]() {
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Prisma's adapter splits scripts at every semicolon, quoted or not, and does not know PostgreSQL's one-byte "char".
 */
function adapterForSchemaEngine(database: Database): SqlMigrationAwareDriverAdapterFactory {
  const { CHAR, TEXT }: Record<'CHAR' | 'TEXT', number> = pg.types.builtins;
  const query = database.pool.query.bind(database.pool) as (asked: pg.QueryConfig) => Promise<pg.QueryResult>;
  let isChar: boolean[] = [];
  const queryAsText = async (asked: pg.QueryConfig) => {
    const result = await query(asked);
    isChar = result.fields.map(({ dataTypeID }) => dataTypeID === CHAR);
    const fields = result.fields.map((field, i) => (isChar[i] ? { ...field, dataTypeID: TEXT } : field));
    return { ...result, fields };
  };
  const factory = prismaAdapter({ ...database, pool: Object.assign(database.pool, { query: queryAsText }) });
  const connect = async () => {
    const adapter = await factory.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    return Object.assign(adapter, {
      executeScript: (text: string) => query({ text }).then(() => undefined, failed),
      queryRaw: async (asked: SqlQuery) => {
        const result = await queryRaw(asked);
        const type = (known: ColumnType, i: number) => (isChar[i] ? ColumnTypeEnum.Character : known);
        return { ...result, columnTypes: result.columnTypes.map(type) };
      },
    });
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect,
    connectToShadowDb: connect,
  };
}

/** Throws PostgreSQL's message about a migration; for any other error the engine reports only a number. */
function failed({ code = '', message }: pg.DatabaseError): never {
  const place = { detail: undefined, column: undefined, hint: undefined };
  throw new DriverAdapterError({ kind: 'postgres', severity: 'ERROR', code, message, ...place });
}
