import type { Duplex } from 'node:stream';
import { Secret } from '#gatehouse/platform';
import { PrismaClient } from '#prisma/todo';
import { silentLog, testDatabase } from '../../../test/support/embedded-database.js';
import { type Database, openDatabase } from './open-database.js';
import { prismaAdapter } from './prisma-adapter.js';

describe('the embedded database', () => {
  let database: Database;
  beforeAll(async () => (database = await testDatabase('todo')));
  afterAll(() => database.close());

  const one = async (text: string, values: unknown[] = []) =>
    (await database.pool.query<Record<string, unknown>>(text, values)).rows[0];

  it('works in UTC and in the schema of its name', async () => {
    expect(await one('show timezone')).toEqual({ TimeZone: 'UTC' });
    expect(await one('select current_schema() as schema')).toEqual({ schema: 'todo' });
  });

  it('keeps working after a refused statement', async () => {
    await expect(database.pool.query('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
    // cspell:ignore selec
    await expect(database.pool.query('selec')).rejects.toMatchObject({ code: '42601' });
    expect(await one('select $1::int as value', [7])).toEqual({ value: 7 });
  });

  it('reuses named statements, also on the connection that follows a broken one', async () => {
    const named = { name: 'seven', text: 'select 7 as value' };
    await database.pool.query(named);
    const broken = await database.pool.connect();
    await broken.query('begin');
    broken.release(true);
    expect((await database.pool.query(named)).rows).toEqual([{ value: 7 }]);
    expect(await one('select pg_current_xact_id_if_assigned() as open')).toEqual({ open: null });
  });

  it('outlives a connection that breaks while it is lent out and nobody is asking it anything', async () => {
    const lent = await database.pool.connect();
    const ended = new Promise((resolve) => lent.once('end', resolve as () => void));
    (lent as unknown as { connection: { stream: Duplex } }).connection.stream.destroy(new Error('lost'));
    await ended;
    lent.release();

    expect(await one('select 1 as value')).toEqual({ value: 1 });
  });

  it('rolls an interactive transaction of Prisma back when it throws', async () => {
    const prisma = new PrismaClient({ adapter: prismaAdapter(database) });
    const now = new Date();
    const owner = { issuer: 'i', kind: 'user', subject: 's', createdAt: now, updatedAt: now } as const;
    const attempt = prisma.$transaction(async (tx) => {
      await tx.owner.create({ data: owner });
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    expect(await prisma.owner.count()).toBe(0);
    await prisma.$disconnect();
    expect(await one('select 1 as value')).toEqual({ value: 1 });
  });

  it('answers queries outside a transaction only once that has ended, since both share one session', async () => {
    const client = await database.pool.connect();
    await client.query('begin');
    const outside = one('select pg_current_xact_id_if_assigned() as open');
    await client.query('select pg_current_xact_id()');
    await client.query('commit');
    client.release();
    expect(await outside).toEqual({ open: null });
  });
});

describe('a database server that is down', () => {
  it('does not prevent opening; its queries fail', async () => {
    const url = new Secret('postgresql://nobody:hunter2@127.0.0.1:1/none');
    const database = await openDatabase({ name: 'todo', url, dataDir: 'unused', log: silentLog });
    expect(database.kind).toBe('server');
    await expect(database.pool.query('select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await database.close();
  });

  it('is refused with exit code 78, its value unsaid, when the URL is of another kind', async () => {
    const url = new Secret('mysql://root:hunter2@127.0.0.1/none');
    const opening = openDatabase({ name: 'todo', url, dataDir: 'unused', log: silentLog });
    await expect(opening).rejects.toMatchObject({
      exitCode: 78,
      message: expect.not.stringContaining('hunter2'),
    });
  });
});
