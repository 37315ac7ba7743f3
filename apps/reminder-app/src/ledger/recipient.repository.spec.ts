import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Database } from '#gatehouse/database';
import { processEnvironment } from '#gatehouse/platform';
import { silentLog, testDatabase } from '../../../../test/support/embedded-database.js';
import { UnsubscriptionRepository } from '../unsubscribe/unsubscription.repository.js';
import { Ledger } from './ledger.js';
import { PlanningRepository } from './planning.repository.js';
import { mergeRecipients } from './recipient.repository.js';
import { prepareStorage } from './storage.js';

const hour = 3_600_000;
const start = Date.parse('2026-11-22T10:00:00Z');
const rule = { minGapHours: 0, messageIdDomain: 'gatehouse.example' };
const unicode = 'ada@bücher.example';
const ada = 'ada@xn--bcher-kva.example';

describe('recipients that an earlier version stored under several spellings', () => {
  let database: Database;
  let planning: PlanningRepository;
  let people: UnsubscriptionRepository;

  beforeAll(async () => {
    database = await testDatabase('reminder');
    planning = new PlanningRepository(database.pool);
    people = new UnsubscriptionRepository(database.pool);
  });
  afterAll(() => database.close());
  beforeEach(() => database.pool.query('truncate people, mails, reminders restart identity'));

  const todo = (title: string, id: string = randomUUID()) => ({ title, id });
  /** Finds and plans the todos of `email`, as a run at `now` does. */
  async function plan(email: string, todos: readonly { id: string; title: string }[], now = start) {
    const dueAt = new Date(start + hour).toISOString();
    await planning.recordFound(
      todos.map((one) => ({ ...one, dueAt, owner: { email, timeZone: null } })),
      now,
    );
    await planning.planDigests(now, rule);
  }
  const becomes = (state: string, id: number) =>
    database.pool.query('update mails set state = $1 where id = $2', [state, id]);
  const mails = async () => {
    const { rows } = await database.pool.query<{ text: string }>(
      `select mails.id || ' ' || state || ' ' || mails.recipient || ': '
              || coalesce(string_agg(title, ', ' order by title), '') as text
       from mails left join reminders on mail_id = mails.id group by mails.id order by mails.id`,
    );
    return rows.map(({ text }) => text);
  };
  const known = async () =>
    (await database.pool.query('select recipient from people order by 1')).rows.map(
      ({ recipient }: { recipient: string }) => recipient,
    );

  it('become one, with their mails and waiting todos', async () => {
    await plan(unicode, [todo('a')]);
    await plan('ada@BÜCHER.example', [todo('b')]);
    await plan('jürgen@Example.com', [todo('c')]);
    await database.pool.query(
      `insert into reminders (todo_id, due_at, recipient, title, seen_at)
       values (gen_random_uuid(), now(), 'waiting@bücher.example', 'w', now())`,
    );

    await prepareStorage(database, silentLog);

    expect(await mails()).toEqual([
      `1 planned ${ada}: a`,
      `2 planned ${ada}: b`,
      '3 planned jürgen@example.com: c',
    ]);
    expect(await known()).toEqual([ada, 'jürgen@example.com']);
    const { rows } = await database.pool.query('select recipient from reminders where mail_id is null');
    expect(rows).toEqual([{ recipient: 'waiting@xn--bcher-kva.example' }]);
  });

  it('are not mailed a todo again that was mailed under another spelling', async () => {
    const seen = [todo('a'), todo('b')];
    await plan(unicode, seen);
    await becomes('sent', 1);

    await mergeRecipients(database.pool);
    await plan(ada, seen, start + hour);

    expect(await mails()).toEqual([`1 sent ${ada}: a, b`]);
    const last = (await planning.people([ada])).get(ada)?.last;
    expect(last).toEqual(new Date(start));
  });

  it.each([
    ['sent', unicode, ada],
    ['sent', ada, unicode],
    ['unknown', unicode, ada],
    ['unknown', ada, unicode],
    ['sending', ada, unicode],
  ])('get a todo that is %s as %s in no later mail to %s, and no empty mail', async (state, one, other) => {
    const [first, second, late] = [todo('first'), todo('second'), todo('late')];
    await plan(one, [first, second]);
    await becomes(state, 1);
    await plan(other, [first]);
    await plan(other, [second, late], start + hour);

    await mergeRecipients(database.pool);

    expect(await mails()).toEqual([`1 ${state} ${ada}: first, second`, `3 planned ${ada}: late`]);
  });

  it('are unchanged if their domain has no other spelling', async () => {
    // cspell:ignore domän
    const malformed = 'ada@not a domän';
    await plan(malformed, [todo('a')]);

    expect(await mergeRecipients(database.pool)).toBe(0);

    expect([await known(), await mails()]).toEqual([[malformed], [`1 planned ${malformed}: a`]]);
  });

  it('keep the mails that were sent, one for each todo', async () => {
    const both = [todo('a')];
    await plan(unicode, both);
    await plan(ada, both);
    await database.pool.query("update mails set state = 'sent'");

    await mergeRecipients(database.pool);

    expect(await mails()).toEqual([`1 sent ${ada}: `, `2 sent ${ada}: a`]);
  });

  it.each([
    [unicode, ada],
    [ada, unicode],
  ])('have the gap of the later digest: that to %s, after that to %s', async (later, earlier) => {
    await plan(earlier, [todo('a')]);
    await plan(later, [todo('b')], start + hour);

    await mergeRecipients(database.pool);

    expect((await planning.people([ada])).get(ada)?.last).toEqual(new Date(start + hour));
  });

  it('get the mail that can still be sent rather than the dead one', async () => {
    const both = [todo('a')];
    await plan(unicode, both);
    await plan(ada, both);
    await becomes('dead', 1);

    await mergeRecipients(database.pool);

    expect(await mails()).toEqual([`2 planned ${ada}: a`]);
    expect(await new Ledger(database.pool).hold(5)).toMatchObject([{ recipient: ada, total: 1 }]);
  });

  it.each([
    [unicode, ada],
    [ada, unicode],
  ])('stay unsubscribed if they were as %s and not as %s', async (one, other) => {
    await plan(one, [todo('a')]);
    await plan(other, [todo('b')]);
    await people.unsubscribe(one);

    await mergeRecipients(database.pool);

    expect(await people.isUnsubscribed(ada)).toBe(true);
    expect(await known()).toEqual([ada]);
    await new Ledger(database.pool).recover({ idempotent: false, onUnknown: 'hold', alone: false });
    expect(await mails()).toEqual([]);
  });

  it('are unchanged if a later statement fails', async () => {
    await plan(unicode, [todo('a')]);
    await database.pool.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
       create trigger refuse before delete on people for each row execute function refuse()`,
    );
    try {
      await expect(mergeRecipients(database.pool)).rejects.toThrow('refused');
    } finally {
      await database.pool.query('drop function refuse cascade');
    }

    expect([await mails(), await known()]).toEqual([[`1 planned ${unicode}: a`], [unicode]]);
  });

  const onServer = processEnvironment()['TEST_DATABASE_URL'] ? it : it.skip;
  onServer('are merged with rows that another session is writing', async () => {
    await plan(unicode, [todo('a')]);
    const other = await database.pool.connect();
    await other.query('begin');
    await other.query("insert into people (recipient, unsubscribed_at) values ('ada@BÜCHER.example', now())");

    const uniting = mergeRecipients(database.pool);
    await untilSomebodyWaits();
    await other.query('commit');
    other.release();

    expect(await uniting).toBe(2);
    expect(await people.isUnsubscribed(ada)).toBe(true);
  });

  /** For a lock, as the server sees it. */
  async function untilSomebodyWaits(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const { rowCount } = await database.pool.query('select 1 from pg_locks where not granted');
      if (rowCount !== 0) return;
      await setTimeout(50);
    }
  }

  it('are merged once even if two workers start together, and nobody else is changed', async () => {
    await plan(unicode, [todo('a')]);
    await plan('bruno@example.com', [todo('b')]);

    const counts = await Promise.all([mergeRecipients(database.pool), mergeRecipients(database.pool)]);

    expect(counts.sort()).toEqual([0, 1]);
    expect(await mergeRecipients(database.pool)).toBe(0);
    expect(await mails()).toEqual([`1 planned ${ada}: a`, '2 planned bruno@example.com: b']);
  });
});
