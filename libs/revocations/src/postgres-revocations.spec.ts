import type { Revocation, RevocationMemory } from '#gatehouse/auth';
import { type Database, openDatabase } from '#gatehouse/database';
import { createLogger } from '#gatehouse/platform';
import {
  databaseTemplate,
  silentLog,
  temporaryDirectory,
  testDatabase,
} from '../../../test/support/embedded-database.js';
import { postgresRevocations, type SharedRevocations } from './shared-revocations.js';

const hour = 3_600_000;
const now = Date.now();
/** Returns a revocation as `record` takes it; by default it is stored for an hour. */
const revocation = (key: string, revokedBefore = now, keepUntil = now + hour): Revocation => ({
  key,
  revokedBefore,
  keepUntil,
});

let database: Database;
let shared: SharedRevocations;
let memory: RevocationMemory;
let clock: number;
const lines: string[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
beforeAll(async () => (database = await testDatabase('todo')));
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query('truncate revocations, shared_work');
  clock = 0;
  lines.splice(0);
  // Listening is tested in revocation-news.spec.ts.
  shared = postgresRevocations({
    ...{ database, url: undefined, listenUrl: undefined, log },
    clock: () => clock,
  });
  memory = shared.memory;
});
afterEach(() => shared.close());

const kept = async () => (await memory.read()).revocations.toSorted((a, b) => (a.key < b.key ? -1 : 1));
/** Returns a mark after everything recorded; running transactions of the server may delay it. */
const settled = async (mark?: string): Promise<string> => {
  const { revocations, mark: next } = await memory.read(mark);
  return mark !== undefined && revocations.length === 0 ? next : settled(next);
};
const keysIn = async () =>
  (await database.pool.query<{ key: string }>('select key from revocations order by key')).rows.map(
    ({ key }) => key,
  );

describe('what is recorded', () => {
  it('is read as it was given, to the millisecond', async () => {
    const given = [
      revocation('session:a', 1_764_317_783_123),
      revocation('user:b', 1_764_317_783_999, now + 1),
    ];
    const later = [given[0]!, { ...given[1]!, keepUntil: now + 2 * hour }];

    expect(await memory.record(later)).toBe(2);

    expect(await kept()).toEqual(later);
  });

  it('moves only forward, and counts the keys that moved', async () => {
    await memory.record([revocation('user:a', now), revocation('user:b', now)]);

    expect(await memory.record([revocation('user:a', now - 1), revocation('user:b', now + 1)])).toBe(1);
    expect(await memory.record([revocation('user:a', now), revocation('user:b', now + 1)])).toBe(0);

    expect(await kept()).toEqual([revocation('user:a', now), revocation('user:b', now + 1)]);
  });

  it('is stored until the latest of its expiries', async () => {
    await memory.record([revocation('user:a', now, now + 2 * hour)]);
    await memory.record([revocation('user:a', now + 1, now + hour)]);

    expect(await kept()).toEqual([revocation('user:a', now + 1, now + 2 * hour)]);
  });

  it('may name a key twice; the latest counts', async () => {
    const twice = [revocation('user:a', now), revocation('user:a', now + 5), revocation('user:a', now + 2)];

    expect(await memory.record(twice)).toBe(1);

    expect(await kept()).toEqual([revocation('user:a', now + 5)]);
  });

  it('may be empty', async () => {
    expect(await memory.record([])).toBe(0);
  });

  it('may have any text as its key', async () => {
    const odd = `user:{"a,\\b'};--`;
    await memory.record([revocation(odd)]);

    expect(await kept()).toEqual([revocation(odd)]);
  });

  it('is read until five minutes after its expiry, and deleted at a later record, at most once a minute', async () => {
    const [old, late] = [now - 5 * 60_000 - 1, now - 4 * 60_000];
    await memory.record([revocation('user:past', now - hour, old), revocation('user:b', now - hour, late)]);
    expect(await kept()).toEqual([revocation('user:b', now - hour, late)]);
    await memory.record([revocation('user:old', now - hour, old)]);
    expect(await keysIn()).toContain('user:old');

    clock = 60_000;
    await memory.record([revocation('user:c')]);

    while ((await keysIn()).length > 2) await new Promise(setImmediate);
    expect(await keysIn()).toEqual(['user:b', 'user:c']);
  });

  it('is recorded even if nothing that has expired can be deleted, which is logged', async () => {
    await database.pool.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
       create trigger refuse before delete on revocations for each statement execute function refuse()`,
    );
    try {
      expect(await memory.record([revocation('user:a')])).toBe(1);
      while (lines.length === 0) await new Promise(setImmediate);
    } finally {
      await database.pool.query('drop function refuse cascade');
    }
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        err: expect.objectContaining({ message: 'refused' }) as object,
        msg: expect.stringContaining('retrying later') as string,
      }),
    ]);
  });

  it('is deleted completely, even if much has expired', async () => {
    await database.pool.query(
      `insert into revocations (key, revoked_before, keep_until)
       select 'user:' || n, now(), now() - interval '1 hour' from generate_series(1, 25000) as n`,
    );
    await memory.record([revocation('user:new')]);
    while ((await keysIn()).length > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await keysIn()).toEqual(['user:new']);
  });
});

describe('a reading', () => {
  it('from the previous mark has what was recorded or moved since', async () => {
    await memory.record([revocation('user:a'), revocation('user:b')]);
    const mark = await settled();
    await memory.record([revocation('user:b', now + 1), revocation('user:c')]);

    const { revocations, mark: next } = await memory.read(mark);

    expect(revocations).toEqual(
      expect.arrayContaining([revocation('user:b', now + 1), revocation('user:c')]),
    );
    expect(revocations).toHaveLength(2);
    expect((await memory.read(await settled(next))).revocations).toEqual([]);
  });

  it('has all active revocations if the mark is of another server', async () => {
    await memory.record([revocation('user:a')]);
    const [transaction] = (await settled()).split('@');

    expect((await memory.read(`${transaction}@1`)).revocations).toEqual([revocation('user:a')]);
  });

  it('of everything comes in parts, and what is recorded meanwhile is found from the last mark', async () => {
    await database.pool.query(
      `insert into revocations (key, revoked_before, keep_until)
       select 'user:' || n, now(), now() + interval '1 hour' from generate_series(100000, 144999) as n`,
    );
    const first = await memory.read();
    await memory.record([revocation('user:0')]);
    const second = await memory.read(first.mark);
    const third = await memory.read(second.mark);

    expect([first, second, third].map(({ more = false }) => more)).toEqual([true, true, false]);
    const keys = [first, second, third].flatMap(({ revocations }) => revocations.map(({ key }) => key));
    expect(new Set(keys).size).toBe(45_000);
    expect((await memory.read(third.mark)).revocations).toContainEqual(revocation('user:0'));
  });

  it('of an empty memory has a mark', async () => {
    const { revocations, mark } = await memory.read();
    expect(revocations).toEqual([]);
    await memory.record([revocation('user:a')]);

    expect((await memory.read(mark)).revocations).toEqual([revocation('user:a')]);
  });
});

describe('a turn', () => {
  const ageBy = (seconds: number) =>
    database.pool.query(`update shared_work set taken_at = taken_at - interval '${seconds} s'`);

  it('is taken once in each interval, by the clock of the database', async () => {
    expect(await memory.takeTurn('replay', 15_000)).toEqual({ mine: true, doneUntil: undefined });
    expect(await memory.takeTurn('replay', 15_000)).toMatchObject({ mine: false });
    await ageBy(14);
    expect(await memory.takeTurn('replay', 15_000)).toMatchObject({ mine: false });
    await ageBy(1);

    expect(await memory.takeTurn('replay', 15_000)).toMatchObject({ mine: true });
    expect(await memory.takeTurn('replay', 15_000)).toMatchObject({ mine: false });
  });

  it('at one work does not affect another', async () => {
    await memory.takeTurn('replay', 15_000);

    expect(await memory.takeTurn('sessions', 15_000)).toMatchObject({ mine: true });
  });

  it('says how far the work is done, which never moves backward', async () => {
    await memory.takeTurn('replay', 15_000);
    await memory.endTurn('replay', now);
    await memory.endTurn('replay', now - 1);

    expect(await memory.takeTurn('replay', 15_000)).toEqual({ mine: false, doneUntil: now });
    await ageBy(15);
    expect(await memory.takeTurn('replay', 15_000)).toEqual({ mine: true, doneUntil: now });
  });

  it('may end without having been taken', async () => {
    await memory.endTurn('replay', now);

    expect(await memory.takeTurn('replay', 15_000)).toEqual({ mine: false, doneUntil: now });
  });
});

describe('before the migrations', () => {
  it('every method rejects, and nothing is created', async () => {
    const directory = await temporaryDirectory();
    const template = await databaseTemplate();
    const empty = await openDatabase({ name: 'todo', dataDir: directory.path, log: silentLog, template });
    const options = { database: empty, url: undefined, listenUrl: undefined, log: silentLog };
    const { memory: early } = postgresRevocations(options);

    await expect(early.record([revocation('user:a')])).rejects.toMatchObject({ code: '42P01' });
    await expect(early.read()).rejects.toMatchObject({ code: '42P01' });
    await expect(early.takeTurn('replay', 1)).rejects.toMatchObject({ code: '42P01' });
    await expect(early.endTurn('replay', 1)).rejects.toMatchObject({ code: '42P01' });

    const { rows } = await empty.pool.query(`select 1 from pg_namespace where nspname = 'todo'`);
    expect(rows).toEqual([]);
    await empty.close();
    await directory.remove();
  });
});

describe('an embedded database', () => {
  it('has no other replicas: starting, listening and closing return immediately', async () => {
    await shared.start();
    const news = memory.listen(() => undefined);

    expect(news.problem()).toBeUndefined();
    await news.close();
  });
});
