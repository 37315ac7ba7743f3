import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../../test/support/embedded-database.js';
import { migrate, migrationsOf } from './migrate.js';
import { type Database, openDatabase } from './open-database.js';

let data: { path: string; remove(): Promise<void> };
let database: Database;
let directory: string;
beforeAll(async () => {
  data = await temporaryDirectory();
  const template = await databaseTemplate();
  database = await openDatabase({ name: 'todo', dataDir: data.path, log: silentLog, template });
});
afterAll(async () => {
  await database.close();
  await data.remove();
});
beforeEach(async () => {
  await database.pool.query('drop schema if exists todo cascade');
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-migrations-'));
  await writeFile(join(directory, 'migration_lock.toml'), 'provider = "postgresql"\n');
});
afterEach(() => rm(directory, { recursive: true }));

const migration = async (name: string, sql: string) => {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, 'migration.sql'), sql);
};
const history = async () =>
  (await database.pool.query('select * from _prisma_migrations order by migration_name')).rows as {
    migration_name: string;
    checksum: string;
    finished_at: Date | null;
    applied_steps_count: number;
  }[];

describe('migrations at start', () => {
  it('are applied in order of their names, once', async () => {
    await migration('20260102_b', 'alter table a add column y int');
    await migration('20260101_a', 'create table a (x int); insert into a values (1)');
    expect(await migrate(database, directory)).toEqual(['20260101_a', '20260102_b']);
    expect(await migrate(database, directory)).toEqual([]);
    expect((await database.pool.query('select * from todo.a')).rows).toEqual([{ x: 1, y: null }]);
  });

  it("are recorded as Prisma's own tools record them: name and SHA-256 of the file", async () => {
    await migrate(database, migrationsOf('todo'));
    const [first] = await history();
    const file = await readFile(join(migrationsOf('todo'), first!.migration_name, 'migration.sql'));
    expect(first).toMatchObject({
      checksum: createHash('sha256').update(file).digest('hex'),
      finished_at: expect.any(Date),
      applied_steps_count: 1,
    });
  });

  it('leave nothing of a migration that fails, and finish it once it is corrected', async () => {
    await migration('20260101_a', 'create table a (x int); create table a (x int)');
    await expect(migrate(database, directory)).rejects.toThrow(
      'Migration 20260101_a failed and was rolled back',
    );
    expect(await history()).toEqual([]);
    await migration('20260101_a', 'create table a (x int)');
    expect(await migrate(database, directory)).toEqual(['20260101_a']);
  });

  it('refuse a history in which an applied file has been changed', async () => {
    await migration('20260101_a', 'create table a (x int)');
    await migrate(database, directory);
    await migration('20260101_a', 'create table a (x bigint)');
    await expect(migrate(database, directory)).rejects.toMatchObject({ exitCode: 78 });
  });

  it('refuse a history that another tool began and never finished, and do not mind what it rolled back', async () => {
    await migration('20260101_a', 'create table a (x int)');
    await migrate(database, directory);
    await database.pool.query('update _prisma_migrations set finished_at = null');
    await expect(migrate(database, directory)).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(
        /20260101_a was started by another tool .*prisma migrate resolve/,
      ) as string,
    });

    await database.pool.query('drop table a; update _prisma_migrations set rolled_back_at = now()');
    expect(await migrate(database, directory)).toEqual(['20260101_a']);
  });

  it("are applied under the lock that Prisma's own tools take", async () => {
    const locks = "select objid from pg_locks where locktype = 'advisory' and granted";
    await migration('20260101_a', `create table a as ${locks}`);
    await migrate(database, directory);

    expect((await database.pool.query('select * from a')).rows).toEqual([{ objid: 72_707_369 }]);
  });

  it('may take longer than a statement otherwise may', async () => {
    await migration('20260101_a', "create table a as select current_setting('statement_timeout') as most");
    await migrate(database, directory);

    expect((await database.pool.query('select * from a')).rows).toEqual([{ most: '10min' }]);
  });

  it.each([
    ['LF, by a checkout with CRLF', '\n', '\r\n'],
    ['CRLF, by a checkout with LF', '\r\n', '\n'],
  ])('match a history that was applied with %s', async (_what, then, now) => {
    const sql = (end: string) => ['create table a (', '  x int', ');', ''].join(end);
    const checksum = createHash('sha256').update(sql(then)).digest('hex');
    await migration('20260101_a', sql(then));
    await migrate(database, directory);
    // As Prisma's engine records it: the bytes that it found.
    await database.pool.query('update _prisma_migrations set checksum = $1', [checksum]);
    await migration('20260101_a', sql(now));
    expect(await migrate(database, directory)).toEqual([]);
  });

  it('are recorded alike with any line ends, so that every checkout and tool agrees', async () => {
    await migration('20260101_a', 'create table a (\r\n  x int\r\n);\r\n');
    await migrate(database, directory);
    const lf = createHash('sha256').update('create table a (\n  x int\n);\n').digest('hex');
    expect(await history()).toMatchObject([{ checksum: lf }]);
  });

  it('leave the session in its ordinary state', async () => {
    await migrate(database, directory);
    expect((await database.pool.query('show search_path')).rows).toEqual([{ search_path: 'todo' }]);
    expect(
      (await database.pool.query("select count(*)::int as locks from pg_locks where locktype = 'advisory'"))
        .rows,
    ).toEqual([{ locks: 0 }]);
  });
});
