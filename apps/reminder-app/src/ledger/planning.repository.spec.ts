import { randomUUID } from 'node:crypto';
import type { Database } from '#gatehouse/database';
import { testDatabase } from '../../../../test/support/embedded-database.js';
import { UnsubscriptionRepository } from '../unsubscribe/unsubscription.repository.js';
import { PlanningRepository } from './planning.repository.js';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-22T10:00:00Z');
const rule = { minGapHours: 6, messageIdDomain: 'gatehouse.example' };

describe('planning', () => {
  let database: Database;
  let planning: PlanningRepository;

  beforeAll(async () => {
    database = await testDatabase('reminder');
    planning = new PlanningRepository(database.pool);
  });
  afterAll(() => database.close());
  beforeEach(() => database.pool.query('truncate people, mails, reminders, progress restart identity'));

  const todo = (title: string, dueAt: number, email = 'ada@example.com', id: string = randomUUID()) => ({
    id,
    title,
    dueAt: new Date(dueAt).toISOString(),
    owner: { email, timeZone: 'Europe/London' },
  });

  const plannedMails = async () => {
    const { rows } = await database.pool.query<{ recipient: string; titles: string[] }>(
      `select mails.recipient, array_agg(title order by title) as titles
       from mails join reminders on mail_id = mails.id group by mails.id order by mails.id`,
    );
    return rows.map(({ recipient, titles }) => `${recipient}: ${titles.join(', ')}`);
  };

  it('makes one digest per person, in the order of their first due todo', async () => {
    await planning.recordFound(
      [
        todo('a', start + 2 * hour),
        todo('b', start + 20 * hour),
        todo('c', start + hour, 'bruno@example.com'),
      ],
      start,
    );

    expect(await planning.planDigests(start, rule)).toBe(0);
    expect(await plannedMails()).toEqual(['bruno@example.com: c', 'ada@example.com: a, b']);
  });

  it('writes a digest in the time zone of the first todo that has one', async () => {
    const due = [0, 1, 2].map((hours) => todo(String(hours), start + hours * hour));
    await planning.recordFound(
      due.map((one, at) => ({
        ...one,
        owner: { ...one.owner, timeZone: [null, 'Asia/Tokyo', 'UTC'][at]! },
      })),
      start,
    );

    await planning.planDigests(start, rule);

    const { rows } = await database.pool.query('select time_zone from mails');
    expect(rows).toEqual([{ time_zone: 'Asia/Tokyo' }]);
  });

  it('plans a todo once, even when several runs see it', async () => {
    const seen = todo('a', start + 2 * hour);
    for (const now of [start, start + 5 * minute, start + 7 * hour]) {
      await planning.recordFound([seen, seen], now);
      await planning.planDigests(now, rule);
    }

    expect(await plannedMails()).toEqual(['ada@example.com: a']);
  });

  it('plans a todo again when its due date has moved', async () => {
    const seen = todo('a', start + hour);
    await planning.recordFound([seen], start);
    await planning.planDigests(start, rule);

    await planning.recordFound(
      [{ ...seen, dueAt: new Date(start + 90 * minute).toISOString() }],
      start + minute,
    );
    await planning.planDigests(start + minute, rule);

    expect(await plannedMails()).toEqual(['ada@example.com: a', 'ada@example.com: a']);
  });

  it('postpones todos found after a digest until the gap has passed, and mails them with the latest title', async () => {
    await planning.recordFound([todo('a', start + 20 * hour)], start);
    await planning.planDigests(start, rule);
    const late = todo('b', start + 21 * hour);

    await planning.recordFound([late], start + hour);
    expect(await planning.planDigests(start + hour, rule)).toBe(1);
    expect(await plannedMails()).toHaveLength(1);
    await planning.recordFound([{ ...late, title: 'b, renamed' }], start + 6 * hour);
    expect(await planning.planDigests(start + 6 * hour, rule)).toBe(0);

    expect(await plannedMails()).toEqual(['ada@example.com: a', 'ada@example.com: b, renamed']);
  });

  it('does not mail a waiting todo that the run no longer sees, because it was done or deleted', async () => {
    await planning.recordFound([todo('a', start + 20 * hour)], start);
    await planning.planDigests(start, rule);
    await planning.recordFound([todo('b', start + 21 * hour)], start + hour);
    await planning.planDigests(start + hour, rule);

    await planning.planDigests(start + 6 * hour, rule);

    expect(await plannedMails()).toEqual(['ada@example.com: a']);
  });

  it('omits such a todo from the digest of the others', async () => {
    await planning.recordFound([todo('a', start + 20 * hour)], start);
    await planning.planDigests(start, rule);
    const seen = todo('seen again', start + 22 * hour);
    await planning.recordFound([todo('done', start + 21 * hour), seen], start + hour);
    await planning.planDigests(start + hour, rule);

    await planning.recordFound([seen], start + 6 * hour);
    await planning.planDigests(start + 6 * hour, rule);

    expect(await plannedMails()).toEqual(['ada@example.com: a', 'ada@example.com: seen again']);
  });

  it('still sees a todo that a slower worker notes for an earlier run', async () => {
    const seen = todo('a', start + hour);
    await planning.recordFound([seen], start + minute);
    await planning.recordFound([seen], start);

    await planning.planDigests(start + minute, rule);

    expect(await plannedMails()).toEqual(['ada@example.com: a']);
  });

  it('does not change a planned todo: neither its mail nor its title', async () => {
    const first = todo('a', start + hour);
    await planning.recordFound([first], start);
    await planning.planDigests(start, rule);
    await planning.recordFound([{ ...first, title: 'a, renamed' }, todo('b', start + hour)], start);

    await planning.planDigests(start, { ...rule, minGapHours: 0 });

    expect(await plannedMails()).toEqual(['ada@example.com: a', 'ada@example.com: b']);
  });

  it('plans nothing for a person who unsubscribed, until the person resubscribes', async () => {
    const people = new UnsubscriptionRepository(database.pool);
    await people.unsubscribe('ada@example.com');
    await planning.recordFound(
      [todo('a', start + hour), todo('b', start + hour, 'bruno@example.com')],
      start,
    );

    await planning.planDigests(start, rule);

    expect(await plannedMails()).toEqual(['bruno@example.com: b']);
    expect((await planning.people(['ada@example.com'])).get('ada@example.com')).toMatchObject({
      unsubscribed: true,
    });
    await people.resubscribe('ada@example.com');
    await planning.planDigests(start, rule);
    expect(await plannedMails()).toEqual(['bruno@example.com: b', 'ada@example.com: a']);
  });

  it('plans each person once if two workers plan at the same time', async () => {
    const people = Array.from({ length: 100 }, (_, index) => `person-${index}@example.com`);
    const other = new PlanningRepository(database.pool);
    // The first time the workers meet where people are made, the second time only where they are locked.
    for (const now of [start, start + 7 * hour]) {
      await planning.recordFound(
        people.map((person) => todo('a', now + hour, person)),
        now,
      );
      await Promise.all([planning.planDigests(now, rule), other.planDigests(now, rule)]);
    }

    expect(await plannedMails()).toHaveLength(200);
  });

  it('mails a waiting todo once it is due within two hours', async () => {
    await planning.recordFound([todo('a', start + 20 * hour)], start);
    await planning.planDigests(start, rule);
    const next = todo('b', start + 4 * hour);
    await planning.recordFound([next], start + hour);
    expect(await planning.planDigests(start + hour, rule)).toBe(1);

    await planning.recordFound([next], start + 2 * hour);
    await planning.planDigests(start + 2 * hour, rule);

    expect(await plannedMails()).toEqual(['ada@example.com: a', 'ada@example.com: b']);
  });

  it('stores when a run last completed', async () => {
    expect(await planning.lastCompleted()).toBeUndefined();

    await planning.complete(start);
    await planning.complete(start + minute);

    expect(await planning.lastCompleted()).toBe(start + minute);
  });

  it('drops a todo that is still unplanned a day after it was due', async () => {
    await planning.recordFound(
      [todo('a', start - 25 * hour), todo('b', start - 23 * hour)],
      start - 26 * hour,
    );

    await planning.complete(start);

    const { rows } = await database.pool.query('select title from reminders');
    expect(rows).toEqual([{ title: 'b' }]);
  });

  it('does not drop a planned todo, even long after it was due', async () => {
    await planning.recordFound([todo('a', start)], start);
    await planning.planDigests(start, rule);

    await planning.complete(start + 25 * hour);

    expect(await plannedMails()).toEqual(['ada@example.com: a']);
  });

  it('plans more people than fit into one transaction, each once', async () => {
    const people = Array.from({ length: 1_201 }, (_, index) => `person-${index}@example.com`);
    await planning.recordFound(
      people.map((person) => todo('a', start + hour, person)),
      start,
    );

    await planning.planDigests(start, rule);

    const { rows } = await database.pool.query(
      'select count(*)::int as mails, count(distinct recipient)::int as people from mails',
    );
    expect(rows).toEqual([{ mails: 1_201, people: 1_201 }]);
  });

  it('returns which todos are in no mail yet, and who has had one, without changing anything', async () => {
    const [planned, waiting, fresh] = [
      todo('a', start),
      todo('b', start),
      todo('c', start, 'bruno@example.com'),
    ];
    await planning.recordFound([planned], start);
    await planning.planDigests(start, rule);
    await planning.recordFound([waiting], start);

    expect(await planning.unplanned([fresh, planned, waiting])).toEqual([fresh, waiting]);
    const people = await planning.people(['ada@example.com', 'bruno@example.com']);
    expect([...people.values()]).toEqual([
      { recipient: 'ada@example.com', last: new Date(start), unsubscribed: false },
    ]);
    expect(await plannedMails()).toHaveLength(1);
  });
});
