import { setTimeout as delay } from 'node:timers/promises';
import { migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { Secret } from '#gatehouse/platform';
import { withClientLock } from '../../apps/dev-center/src/clients/client-lock.js';
import { openClientStore } from '../../apps/dev-center/src/clients/client-store.js';
import { LockSession } from '../../apps/dev-center/src/clients/lock-session.js';
import { silentLog } from '../support/embedded-database.js';
import { type FreshDatabase, freshDatabase } from '../support/fresh-database.js';

/** Opens the database as a process does: with a pool, and so with sessions, of its own. */
async function opened({ url }: FreshDatabase) {
  const database = await openDatabase({ name: 'todo', url: new Secret(url), dataDir: '', log: silentLog });
  await migrate(database, migrationsOf('todo'));
  return database;
}

describe('the lock of a client on PostgreSQL', () => {
  let fresh: FreshDatabase;
  let here: Awaited<ReturnType<typeof opened>>;
  let there: Awaited<ReturnType<typeof opened>>;
  beforeAll(async () => {
    fresh = (await freshDatabase())!;
    here = await opened(fresh);
    there = await opened(fresh);
  });
  afterAll(async () => {
    await here.close();
    await there.close();
    await fresh.drop();
  });

  it('takes one connection of the pool for forty clients that wait for a person, with one statement at a time', async () => {
    const warnings: string[] = [];
    const hear = ({ message }: Error) => void warnings.push(message);
    process.on('warning', hear);
    const seen = Promise.withResolvers<void>();
    const waiting = Array.from({ length: 40 }, (_one, index) =>
      withClientLock(here, `client-${index}`, async () => {
        await here.pool.query('select 1');
        await seen.promise;
      }),
    );
    await expect(here.pool.query('select 1')).resolves.toMatchObject({ rowCount: 1 });
    seen.resolve();
    await Promise.all(waiting);
    process.off('warning', hear);
    // The driver warns about a second statement before the first is answered.
    expect(warnings).toEqual([]);
  });

  it('excludes other processes from that client until its work is done, and from no other', async () => {
    const done = Promise.withResolvers<void>();
    const [working, longer] = ['ada', 'bruno'].map((name) => withClientLock(here, name, () => done.promise));
    // `busy` must not answer for the other process, so the lock is asked for as that process does.
    const isFree = async (name: string) => {
      const session = new LockSession(there, () => undefined);
      return session.use(() => session.tryLock(name));
    };
    while ((await locksOf(there)) < 2) await delay(20);
    expect([await isFree('ada'), await isFree('bruno'), await isFree('chiyo')]).toEqual([false, false, true]);
    done.resolve();
    await Promise.all([working, longer]);
    expect([await isFree('ada'), await isFree('bruno')]).toEqual([true, true]);
  });

  it('is free again for one client while the process still works on another', async () => {
    const done = Promise.withResolvers<void>();
    const longer = withClientLock(here, 'longer', () => done.promise);
    await withClientLock(here, 'shorter', () => Promise.resolve());
    const session = new LockSession(there, () => undefined);
    await session.use(async () => {
      expect([await session.tryLock('shorter'), await session.tryLock('longer')]).toEqual([true, false]);
    });
    done.resolve();
    await longer;
  });

  it('is taken on a new connection after the server ended the one that had it', async () => {
    const done = Promise.withResolvers<void>();
    const interrupted = withClientLock(here, 'interrupted', () => done.promise);
    await withClientLock(here, 'before', () => Promise.resolve());
    await there.pool.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database =
       (select oid from pg_database where datname = current_database())`,
    );
    while (await locksOf(there)) await delay(20);
    await expect(withClientLock(here, 'after', () => Promise.resolve('done'))).resolves.toBe('done');
    done.resolve();
    await interrupted;
  });
});

describe('the audit trail on PostgreSQL', () => {
  it('remains whole if two processes write to it at the same time', async () => {
    const fresh = (await freshDatabase())!;
    const databases = [await opened(fresh), await opened(fresh)];
    const stores = databases.map((database) => openClientStore(database, Date.now));
    const created = Array.from({ length: 40 }, (_one, index) =>
      stores[index % 2]!.clients.create(
        { name: `client-${index}`, roles: ['todo-reader'] },
        'test',
        new Date(),
      ),
    );
    await Promise.all(created);
    const trail = await stores[0]!.audit.verify();
    expect([trail.entries, trail.brokenAt]).toEqual([40, undefined]);
    await Promise.all(stores.map((store) => store.close()));
    await Promise.all(databases.map((database) => database.close()));
    await fresh.drop();
  });
});

const locksOf = async ({ pool }: Awaited<ReturnType<typeof opened>>): Promise<number> => {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from pg_locks where locktype = 'advisory'
       and database = (select oid from pg_database where datname = current_database())`,
  );
  return rows[0]!.count;
};
