import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pg from 'pg';
import type { Revocation, RevocationReading } from '#gatehouse/auth';
import { migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { processEnvironment, Secret } from '#gatehouse/platform';
import { postgresRevocations } from '../../libs/revocations/src/index.js';
import { type RunningPostgres, startPostgres } from '../../tools/bench/src/installed-postgres.js';
import { FaultProxy, faults } from '../../tools/measure/src/fault-proxy.js';
import { describeWhere } from '../support/describe-where.js';
import { silentLog } from '../support/embedded-database.js';
import { type FreshDatabase, freshDatabase } from '../support/fresh-database.js';
import { type PgBouncer, pgBouncerIsThere, startPgBouncer } from '../support/pgbouncer.js';

const hour = 3_600_000;
const now = Date.now();
const revocation = (key: string, revokedBefore = now): Revocation => ({
  key,
  revokedBefore,
  keepUntil: now + hour,
});

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Starts a process on the database of `url` that reads new revocations only when notified. */
async function replica(url: string, listenUrl?: string) {
  const listen = listenUrl === undefined ? undefined : new Secret(listenUrl);
  const parts = { url: new Secret(url), log: silentLog };
  const database = await openDatabase({ ...parts, name: 'todo', dataDir: '' });
  const revocations = postgresRevocations({ ...parts, database, listenUrl: listen });
  closing.push(() => revocations.close().finally(() => database.close()));
  const { memory } = revocations;
  const known = new Map<string, number>();
  let [mark, told] = ['', 0];
  let reading = Promise.resolve();
  const read = async () => {
    const result = await memory.read(mark);
    for (const { key, revokedBefore } of result.revocations) known.set(key, revokedBefore);
    ({ mark } = result);
  };
  const news = memory.listen(() => {
    told += 1;
    reading = reading.then(read).catch(() => undefined);
  });
  return { database, revocations, memory, known, news, told: () => told, settled: () => reading };
}
type Replica = Awaited<ReturnType<typeof replica>>;

/** Resolves with the milliseconds that it took. */
async function until(condition: () => boolean, limitMs: number): Promise<number> {
  const begun = performance.now();
  while (!condition()) {
    if (performance.now() - begun > limitMs)
      throw new Error(`not within ${limitMs} ms: ${String(condition)}`);
    await delay(2);
  }
  return performance.now() - begun;
}

const listening = async (one: Replica, limitMs = 3_000) => {
  await until(() => one.news.problem() === undefined, limitMs);
  // The news from its own connection.
  await until(() => one.told() > 0, 100);
  await one.settled();
};

const missing = processEnvironment()['TEST_DATABASE_URL']
  ? undefined
  : 'needs a PostgreSQL server: npm run test:services';

describeWhere(missing)('revocations that replicas share on PostgreSQL', () => {
  let fresh: FreshDatabase;
  let admin: pg.Client;
  beforeEach(async () => {
    fresh = (await freshDatabase())!;
    await migrated(fresh.url);
    admin = await connected(fresh.url);
  });
  afterEach(async () => {
    await admin.end();
    await fresh.drop();
  });

  const cut = () =>
    admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'gatehouse-todo-listen' and datname = current_database()`,
    );

  it('reach the others within 300 ms, in both directions', async () => {
    const [one, other] = [await replica(fresh.url), await replica(fresh.url)];
    await Promise.all([listening(one), listening(other)]);

    await one.memory.record([revocation('user:a')]);
    expect(await until(() => other.known.has('user:a'), 1_000)).toBeLessThan(300);
    await other.memory.record([revocation('user:b')]);
    expect(await until(() => one.known.has('user:b'), 1_000)).toBeLessThan(300);
  });

  it('are no news to anybody when nothing moved', async () => {
    const [one, other] = [await replica(fresh.url), await replica(fresh.url)];
    await listening(other);
    await one.memory.record([revocation('user:a')]);
    await until(() => other.known.has('user:a'), 1_000);
    const before = other.told();

    await one.memory.record([revocation('user:a'), revocation('user:a', now - 1)]);
    await one.memory.record([revocation('user:b')]);

    await until(() => other.known.has('user:b'), 1_000);
    expect(other.told()).toBe(before + 1);
  });

  it('are no news to a listener that was closed, and still to the others', async () => {
    const [one, other] = [await replica(fresh.url), await replica(fresh.url)];
    await listening(other);
    const before = other.told();
    const open = Promise.withResolvers<void>();
    other.memory.listen(() => open.resolve());

    await other.news.close();
    await one.memory.record([revocation('user:a')]);

    await open.promise;
    expect(other.told()).toBe(before);
  });

  it('are read even if a transaction that began earlier commits later', async () => {
    const one = await replica(fresh.url);
    const slow = await connected(fresh.url);
    await slow.query('set search_path = todo; begin');
    const { memory } = postgresRevocations({
      database: { kind: 'embedded', pool: slow as unknown as pg.Pool },
      ...{ url: undefined, listenUrl: undefined, log: silentLog },
    });
    await memory.record([revocation('user:slow')]);
    await one.memory.record([revocation('user:fast')]);
    const first = await one.memory.read();
    expect(first.revocations.map(({ key }) => key)).toEqual(['user:fast']);

    await slow.query('commit');
    await slow.end();

    const second = await one.memory.read(first.mark);
    expect(second.revocations.map(({ key }) => key)).toContain('user:slow');
  });

  it('move only forward from two replicas at once, in any order, and without a deadlock', async () => {
    const both = [await replica(fresh.url), await replica(fresh.url)];
    const keys = Array.from({ length: 40 }, (_, index) => `user:${index}`);
    const latest = new Map<string, number>();
    const shuffled = () =>
      keys
        .map((key) => revocation(key, now + Math.floor(Math.random() * 1_000)))
        .toSorted(() => Math.random() - 0.5);

    await Promise.all(
      Array.from({ length: 200 }, (_, turn) => {
        const given = shuffled();
        for (const { key, revokedBefore } of given)
          latest.set(key, Math.max(latest.get(key) ?? 0, revokedBefore));
        return both[turn % 2]!.memory.record(given);
      }),
    );

    const { revocations } = await both[0]!.memory.read();
    expect(new Map(revocations.map((one) => [one.key, one.revokedBefore]))).toEqual(latest);
  });

  it('are read after the listening connection was cut, including those recorded meanwhile', async () => {
    const [one, other] = [await replica(fresh.url), await replica(fresh.url)];
    await Promise.all([listening(one), listening(other)]);

    await cut();
    await until(() => other.news.problem() !== undefined, 1_000);
    await one.memory.record([revocation('user:meanwhile')]);

    expect(other.known.has('user:meanwhile')).toBe(false);
    await until(() => other.known.has('user:meanwhile'), 2_000);
    expect(other.news.problem()).toBeUndefined();
    await one.memory.record([revocation('user:after')]);
    await until(() => other.known.has('user:after'), 1_000);
  });

  it('are read after the listening connection went silent, which is noticed within 3 s', async () => {
    const proxy = await FaultProxy.before(fresh.url);
    closing.push(() => proxy.close());
    const [one, other] = [await replica(fresh.url), await replica(fresh.url, proxy.url)];
    await listening(other);

    await proxy.set(faults.halfOpen);
    await one.memory.record([revocation('user:meanwhile')]);

    await until(() => other.news.problem() !== undefined, 3_500);
    await until(() => other.known.has('user:meanwhile'), 2_000);
    expect(other.news.problem()).toBeUndefined();
  });

  it('are read after the server said nothing to anybody for a while', async () => {
    const proxy = await FaultProxy.before(fresh.url);
    closing.push(() => proxy.close());
    const [one, other] = [await replica(fresh.url), await replica(fresh.url, proxy.url)];
    await listening(other);

    await proxy.set(faults.hang);
    await until(() => other.news.problem() !== undefined, 3_500);
    await one.memory.record([revocation('user:meanwhile')]);
    await delay(1_500);
    await proxy.set(faults.none);

    // The current attempt takes up to 3 s, the next one follows within a second.
    await until(() => other.known.has('user:meanwhile'), 5_000);
    expect(other.news.problem()).toBeUndefined();
  });

  it('stop being listened for at once, and leave no connection behind', async () => {
    const one = await replica(fresh.url);
    await listening(one);
    const begun = performance.now();

    await one.revocations.close();

    expect(performance.now() - begun).toBeLessThan(50);
    const left = () =>
      admin.query(
        `select 1 from pg_stat_activity
         where application_name = 'gatehouse-todo-listen' and datname = current_database()`,
      );
    await delay(1_200);
    expect((await left()).rows).toEqual([]);
  });

  it('give a turn to one of twenty that ask at once', async () => {
    const both = [await replica(fresh.url), await replica(fresh.url)];
    const ask = async () => {
      const asked = Array.from({ length: 20 }, (_, at) => both[at % 2]!.memory.takeTurn('replay', 15_000));
      return (await Promise.all(asked)).filter(({ mine }) => mine).length;
    };

    expect(await ask()).toBe(1);
    await admin.query(`update todo.shared_work set taken_at = taken_at - interval '15 s'`);
    expect(await ask()).toBe(1);
  });

  it('are read by the hundred thousand, and stored in memory once', async () => {
    const { memory } = await replica(fresh.url);
    await memory.read();
    const count = 100_000;
    await admin.query(
      `insert into todo.revocations (key, revoked_before, keep_until)
       select 'session:' || gen_random_uuid(), now(), now() + interval '1 hour' from generate_series(1, $1)`,
      [count],
    );
    const before = heapUsed();
    const revocations: Revocation[] = [];
    let reading: RevocationReading | undefined;
    do {
      reading = await memory.read(reading?.mark);
      revocations.push(...reading.revocations);
    } while (reading.more);

    const bytes = (heapUsed() - before) / count;
    expect(revocations).toHaveLength(count);
    expect(bytes).toBeLessThan(250);
  });
});

const noServer = processEnvironment()['TEST_SERVICES'] ? undefined : 'npm run test:services';
describeWhere(noServer)('a PostgreSQL server that is restarted', () => {
  let server: RunningPostgres;
  beforeAll(async () => (server = await startPostgres()), 30_000);
  afterAll(() => server.stop());

  it('gets its listeners back, and what was recorded meanwhile is read', async () => {
    await migrated(server.url);
    const [one, other] = [await replica(server.url), await replica(server.url)];
    await Promise.all([listening(one), listening(other)]);
    await one.memory.record([revocation('user:before')]);
    await until(() => other.known.has('user:before'), 1_000);
    other.known.clear();

    await server.restart();
    await one.memory.record([revocation('user:meanwhile')]);

    await until(() => other.known.has('user:meanwhile'), 3_000);
    // A restarted server may have lost transactions: everything is read again.
    expect(other.known.has('user:before')).toBe(true);
    expect(other.news.problem()).toBeUndefined();
  });
});

const noPooler =
  missing ?? (pgBouncerIsThere ? undefined : 'PgBouncer is not installed: apt-get install pgbouncer');
describeWhere(noPooler)('listening behind PgBouncer', () => {
  let fresh: FreshDatabase;
  beforeEach(async () => {
    fresh = (await freshDatabase())!;
    await migrated(fresh.url);
  });
  afterEach(() => fresh.drop());

  const pooled = async (mode: string): Promise<PgBouncer> => {
    // It requires a password in its file, also for a server that needs none.
    const url = Object.assign(new URL(fresh.url), { password: 'any' });
    const pooler = await startPgBouncer(url.href, [`pool_mode = ${mode}`]);
    closing.push(() => pooler.stop());
    return pooler;
  };
  const advice =
    /DATABASE_LISTEN_URL .* goes through a connection pooler .* LISTEN needs a direct connection or a session pooler/;

  it('works in session mode', async () => {
    const [one, other] = [await replica(fresh.url), await replica(fresh.url, (await pooled('session')).url)];
    await other.revocations.start();
    await listening(other);

    await one.memory.record([revocation('user:a')]);

    expect(await until(() => other.known.has('user:a'), 1_000)).toBeLessThan(300);
  });

  it.each(['transaction', 'statement'])(
    'ends the start with 78 in %s mode, and names the setting',
    async (mode) => {
      const one = await replica(fresh.url, (await pooled(mode)).url);

      await expect(one.revocations.start()).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringMatching(advice) as string,
      });
    },
  );

  it('is a problem in transaction mode where the pooler was not there at the start', async () => {
    const proxy = await FaultProxy.before((await pooled('transaction')).url);
    closing.push(() => proxy.close());
    await proxy.set(faults.refuse);
    const one = await replica(fresh.url, proxy.url);
    await one.revocations.start();
    expect(one.news.problem()).toMatch(/is down/);

    await proxy.set(faults.none);

    await until(() => advice.test(one.news.problem() ?? ''), 5_000);
  });
});

async function migrated(url: string): Promise<void> {
  const database = await openDatabase({ name: 'todo', url: new Secret(url), dataDir: '', log: silentLog });
  await migrate(database, migrationsOf('todo')).finally(() => database.close());
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  return client;
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
