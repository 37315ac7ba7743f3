import { randomUUID } from 'node:crypto';
import { processEnvironment } from '#gatehouse/platform';
import {
  bySmtp,
  dead,
  failed,
  type LedgerWorld,
  now,
  startLedgerWorld,
  unknown,
} from '../../../../test/support/ledger-world.js';
import { PlanningRepository } from './planning.repository.js';

describe('the ledger', () => {
  let world: LedgerWorld;

  beforeAll(async () => (world = await startLedgerWorld()));
  afterAll(() => world.close());
  beforeEach(() => world.clear());

  it('hands out a planned mail with everything that its text needs', async () => {
    await world.plan('chiyo@example.com');

    expect(await world.holdNext()).toEqual({
      id: 1,
      messageId: expect.stringMatching(/^<[0-9a-f]{40}@gatehouse\.example>$/) as string,
      recipient: 'chiyo@example.com',
      timeZone: 'Asia/Tokyo',
      plannedAt: now,
      todos: [{ id: expect.any(String) as string, title: 'Water plant 0', dueAt: now + 3_600_000 }],
      total: 1,
    });
  });

  it('reads the first two hundred todos of a mail, soonest first, and counts them all', async () => {
    await world.plan(...Array.from({ length: 250 }, () => 'ada@example.com'));

    const { todos, total } = await world.holdNext();

    expect(total).toBe(250);
    expect(todos).toHaveLength(200);
    expect(todos.map(({ title }) => title)).toEqual(todos.map((_, index) => `Water plant ${String(index)}`));
  });

  it('hands out no mail twice to simultaneous callers', async () => {
    await world.plan(...Array.from({ length: 10 }, (_, index) => `person-${String(index)}@example.com`));

    const batches = await Promise.all([
      world.ledger.hold(4),
      world.otherWorker.hold(4),
      world.ledger.hold(4),
    ]);

    const recipients = batches.flat().map(({ recipient }) => recipient);
    expect(recipients).toHaveLength(10);
    expect(new Set(recipients).size).toBe(10);
  });

  // Embedded, the database has one session, so no other worker can hold a lock.
  const onServer = processEnvironment()['TEST_DATABASE_URL'] ? it : it.skip;
  onServer('skips a mail whose row another worker has locked', async () => {
    await world.plan('ada@example.com');
    const taking = await world.pool.connect();
    await taking.query('begin');
    await taking.query('select from mails for update');
    const held = world.ledger.hold(1);
    const first = await Promise.race([held, new Promise((resolve) => setTimeout(resolve, 1_000, 'waiting'))]);
    await taking.query('commit');
    taking.release();
    await held;

    expect(first).toEqual([]);
  });

  it('reserves a held mail for its worker until the lease expires, then any worker may take it', async () => {
    await world.plan('ada@example.com');
    const mail = await world.holdNext();

    expect(await world.otherWorker.hold(1)).toEqual([]);
    await world.expireLeases();

    expect(await world.otherWorker.hold(1)).toHaveLength(1);
    expect(await world.ledger.begin(mail.id)).toBeUndefined();
    expect(await world.otherWorker.begin(mail.id)).toEqual({ number: 1, counted: 1 });
  });

  it('hands out released mails immediately, and not the one that is being sent', async () => {
    await world.plan('ada@example.com', 'bruno@example.com');
    const { mail } = await world.beginNext();
    await world.holdNext();

    await world.ledger.release();

    expect((await world.otherWorker.hold(5)).map(({ id }) => id)).toEqual([mail.id === 1 ? 2 : 1]);
    expect((await world.states()).sort()).toEqual(['planned', 'sending']);
  });

  it('takes no mail from a live worker by recovery or release', async () => {
    await world.plan('ada@example.com');
    await world.otherWorker.hold(1);

    await world.ledger.recover(bySmtp);
    await world.ledger.release();

    expect(await world.ledger.hold(1)).toEqual([]);
  });

  it('never hands out a sent mail again', async () => {
    await world.plan('ada@example.com');
    await world.settleNext({ state: 'sent' });
    await world.passRetryTime();
    await world.ledger.recover({ ...bySmtp, onUnknown: 'resend', alone: true });

    expect(await world.ledger.hold(1)).toEqual([]);
    expect(await world.states()).toEqual(['sent']);
  });

  it('hands out a failed mail when its next attempt is due, not before', async () => {
    await world.plan('ada@example.com');
    await world.settleNext(failed);

    expect(await world.ledger.hold(1)).toEqual([]);
    expect(await world.ledger.waiting()).toEqual([]);
    expect(await world.ledger.figures()).toMatchObject({ failed: 1, waiting: 0, lagSeconds: 0 });
    await world.passRetryTime();

    expect(await world.ledger.waiting()).toHaveLength(1);
    expect(await world.beginNext()).toMatchObject({ mail: { id: 1 }, attempt: 2 });
  });

  it('never hands out a dead mail again', async () => {
    await world.plan('ada@example.com');
    await world.settleNext(dead);
    await world.passRetryTime();

    expect(await world.ledger.hold(1)).toEqual([]);
  });

  it('does not begin a mail that is being sent', async () => {
    await world.plan('ada@example.com');
    const { mail } = await world.beginNext();

    expect(await world.ledger.begin(mail.id)).toBeUndefined();
  });

  it('counts an attempt against the mail unless the mail server caused the failure', async () => {
    await world.plan('ada@example.com');
    const counted: number[] = [];
    for (const ofServer of [false, true, true, false]) {
      const { id } = await world.holdNext();
      const attempt = (await world.ledger.begin(id))!;
      counted.push(attempt.counted);
      await world.ledger.settle(id, attempt.number, ofServer ? { ...failed, ofServer } : failed);
      await world.passRetryTime();
    }

    expect(counted).toEqual([1, 2, 2, 2]);
    expect(await world.beginNext()).toMatchObject({ attempt: 5 });
  });

  it('reserves a mail for the worker that sends it while it renews the lease', async () => {
    await world.plan('ada@example.com');
    const { mail, attempt } = await world.beginNext();
    await world.expireLeases();
    await world.ledger.renew(mail.id, attempt);

    await world.ledger.recover(bySmtp);

    expect(await world.states()).toEqual(['sending']);
  });

  it('renews no lease of a mail that another worker holds or that is settled', async () => {
    await world.plan('ada@example.com', 'bruno@example.com');
    const [first, second] = [await world.beginNext(), await world.beginNext()];
    await world.ledger.settle(second.mail.id, second.attempt, failed);
    await world.otherWorker.renew(first.mail.id, first.attempt);
    await world.expireLeases();
    for (const { mail, attempt } of [first, second]) await world.otherWorker.renew(mail.id, attempt);
    await world.ledger.renew(second.mail.id, second.attempt);

    await world.ledger.recover(bySmtp);

    expect((await world.states()).sort()).toEqual(['failed', 'unknown']);
  });

  it('drops todos from a held mail, and the mail with the last of them', async () => {
    await world.plan('ada@example.com', 'ada@example.com', 'bruno@example.com');
    const [ada, bruno] = await world.ledger.hold(2);
    const [first, second] = ada!.todos;

    await world.ledger.drop(ada!.id, [first!]);
    await world.ledger.drop(bruno!.id, [bruno!.todos[0]!]);
    await world.ledger.release();

    expect(await world.ledger.hold(5)).toEqual([
      expect.objectContaining({ id: ada!.id, todos: [second], total: 1 }),
    ]);
    await world.ledger.drop(ada!.id, [second!]);
    expect(await world.states()).toEqual([]);
    const { rowCount } = await world.pool.query('select 1 from reminders');
    expect(rowCount).toBe(0);
  });

  it('drops a todo by its due date: one that was rescheduled while it was read remains under the new date', async () => {
    const planning = new PlanningRepository(world.pool);
    const [id, owner] = [randomUUID(), { email: 'ada@example.com', timeZone: null }];
    const dates = [now + 3_600_000, now + 7_200_000];
    await planning.recordFound(
      dates.map((dueAt) => ({ id, title: 'Moved', dueAt: new Date(dueAt).toISOString(), owner })),
      now,
    );
    await planning.planDigests(now, { minGapHours: 6, messageIdDomain: 'gatehouse.example' });
    const mail = await world.holdNext();

    await world.ledger.drop(mail.id, [{ id, dueAt: dates[0]! }]);
    await world.ledger.release();

    expect(await world.holdNext()).toMatchObject({
      timeZone: 'UTC',
      todos: [{ id, title: 'Moved', dueAt: dates[1] }],
    });
  });

  it('drops a todo from one mail only, although a mail to its former owner has it too', async () => {
    const planning = new PlanningRepository(world.pool);
    const id = randomUUID();
    const dueAt = now + 3_600_000;
    const owners = ['ada@example.com', 'bruno@example.com'].map((email) => ({ email, timeZone: null }));
    await planning.recordFound(
      owners.map((owner) => ({ id, title: 'Reassigned', dueAt: new Date(dueAt).toISOString(), owner })),
      now,
    );
    await planning.planDigests(now, { minGapHours: 6, messageIdDomain: 'gatehouse.example' });
    const [first, second] = await world.ledger.hold(2);

    await world.ledger.drop(first!.id, [{ id, dueAt }]);
    await world.ledger.release();

    expect(await world.ledger.hold(2)).toEqual([second]);
  });

  it('drops nothing from a mail that another worker holds', async () => {
    await world.plan('ada@example.com');
    const mail = await world.holdNext();

    await world.otherWorker.drop(mail.id, mail.todos);

    expect(await world.states()).toEqual(['planned']);
  });

  it('drops nothing from a mail that is being sent', async () => {
    await world.plan('ada@example.com');
    const { mail } = await world.beginNext();

    await world.ledger.drop(mail.id, mail.todos);

    expect(await world.states()).toEqual(['sending']);
  });

  it('does not change a decision of the operator when the worker reports an outcome later', async () => {
    await world.plan('ada@example.com');
    const { mail, attempt } = await world.beginNext();
    await world.expireLeases();
    await world.ledger.recover(bySmtp);
    await world.review.resolve('all', 'sent');

    await world.ledger.settle(mail.id, attempt, failed);

    expect(await world.states()).toEqual(['sent']);
  });

  it('reports how many mails are waiting, need a decision or are dead, and how long the first has been waiting', async () => {
    await world.plan('ada@example.com', 'bruno@example.com', 'chiyo@example.com');
    await world.settleNext(unknown);
    await world.settleNext(dead);
    const began = performance.now();
    await world.pool.query("update mails set next_attempt_at = now() - interval '90 seconds'");

    const figures = await world.ledger.figures();

    expect(figures).toMatchObject({ failed: 0, unknown: 1, dead: 1, waiting: 1 });
    // The column stores milliseconds.
    expect(figures.lagSeconds).toBeGreaterThan(89.9);
    expect(figures.lagSeconds).toBeLessThan(91 + (performance.now() - began) / 1_000);
  });

  it('counts the mails that workers hold or send until their leases expire, and not released ones', async () => {
    await world.plan('ada@example.com', 'bruno@example.com', 'chiyo@example.com', 'dana@example.com');
    const leased = async () => (await world.ledger.figures()).leased;
    expect(await leased()).toBe(0);

    const [first] = await world.otherWorker.hold(3);
    await world.otherWorker.begin(first!.id);
    expect(await leased()).toBe(3);

    await world.otherWorker.release();
    expect(await leased()).toBe(1);
    await world.otherWorker.hold(1);
    await world.expireLeases();
    await world.ledger.recover(bySmtp);
    expect(await leased()).toBe(0);
  });
});
