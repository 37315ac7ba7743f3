import { randomUUID } from 'node:crypto';
import type { Database } from '#gatehouse/database';
import { processEnvironment } from '#gatehouse/platform';
import { testDatabase } from '../../../../test/support/embedded-database.js';
import { ledgerCommand } from '../commands/ledger.command.js';
import type { PlannedMail } from '../mail/digest.js';
import { UnsubscriptionRepository } from '../unsubscribe/unsubscription.repository.js';
import { Ledger, type Outcome } from './ledger.js';
import { LedgerReview } from './ledger-review.js';
import { PlanningRepository } from './planning.repository.js';

const now = Date.now();
const smtp = { idempotent: false, onUnknown: 'hold', alone: false } as const;

describe('the ledger', () => {
  let database: Database;
  let ledger: Ledger;
  let otherWorker: Ledger;
  let review: LedgerReview;
  let people: UnsubscriptionRepository;

  beforeAll(async () => {
    database = await testDatabase('reminder');
    [ledger, otherWorker] = [new Ledger(database.pool), new Ledger(database.pool)];
    review = new LedgerReview(database);
    people = new UnsubscriptionRepository(database.pool);
  });
  afterAll(async () => {
    await review.close();
    await database.close();
  });
  beforeEach(() => database.pool.query('truncate people, mails, reminders restart identity'));

  /** A digest for each of these people; Ada's has as many todos as it says. */
  async function plan(...recipients: string[]): Promise<void> {
    const planning = new PlanningRepository(database.pool);
    const todos = recipients.map((email, index) => ({
      id: randomUUID(),
      title: `Water plant ${String(index)}`,
      dueAt: new Date(now + 3_600_000 + index).toISOString(),
      owner: { email, timeZone: 'Asia/Tokyo' },
    }));
    await planning.noteFound(todos, now);
    await planning.planDigests(now, { minGapHours: 6, messageIdDomain: 'gatehouse.example' });
  }

  async function held(): Promise<PlannedMail> {
    const [mail] = await ledger.hold(1);
    if (!mail) throw new Error('nothing to hold');
    return mail;
  }

  /** Holds the next mail, begins it and leaves it there. */
  async function begun(): Promise<{ mail: PlannedMail; attempt: number }> {
    const mail = await held();
    const attempt = await ledger.begin(mail.id);
    if (attempt === undefined) throw new Error('not to be begun');
    return { mail, attempt: attempt.number };
  }

  async function settled(outcome: Outcome): Promise<PlannedMail> {
    const { mail, attempt } = await begun();
    await ledger.settle(mail.id, attempt, outcome);
    return mail;
  }

  const states = async () => {
    const { rows } = await database.pool.query<{ state: string }>('select state from mails order by id');
    return rows.map(({ state }) => state);
  };
  const expireLeases = () =>
    database.pool.query(
      "update mails set lease_until = now() - interval '1 second' where lease_until is not null",
    );
  // A second ago, not now: the clock of a virtual machine may step back.
  const passRetryTime = () =>
    database.pool.query("update mails set next_attempt_at = now() - interval '1 second'");
  const failed = { state: 'failed', reason: '450 later', retryInSeconds: 60 } as const;
  const unknown = { state: 'unknown', reason: 'no reply to the final dot' } as const;
  const dead = { state: 'dead', reason: '550 nobody here' } as const;

  it('hands out a planned mail with everything it takes to write it', async () => {
    await plan('chiyo@example.com');

    expect(await held()).toEqual({
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
    await plan(...Array.from({ length: 250 }, () => 'ada@example.com'));

    const { todos, total } = await held();

    expect(total).toBe(250);
    expect(todos).toHaveLength(200);
    expect(todos.map(({ title }) => title)).toEqual(todos.map((_, index) => `Water plant ${String(index)}`));
  });

  it('hands out no mail twice, even when many ask at once', async () => {
    await plan(...Array.from({ length: 10 }, (_, index) => `person-${String(index)}@example.com`));

    const batches = await Promise.all([ledger.hold(4), otherWorker.hold(4), ledger.hold(4)]);

    const recipients = batches.flat().map(({ recipient }) => recipient);
    expect(recipients).toHaveLength(10);
    expect(new Set(recipients).size).toBe(10);
  });

  it('leaves a held mail to its worker until the lease expires, then to any worker', async () => {
    await plan('ada@example.com');
    const mail = await held();

    expect(await otherWorker.hold(1)).toEqual([]);
    await expireLeases();

    expect(await otherWorker.hold(1)).toHaveLength(1);
    expect(await ledger.begin(mail.id)).toBeUndefined();
    expect(await otherWorker.begin(mail.id)).toEqual({ number: 1, counted: 1 });
  });

  it('hands out at once what a worker lets go of, and keeps what it is sending', async () => {
    await plan('ada@example.com', 'bruno@example.com');
    const { mail } = await begun();
    await held();

    await ledger.release();

    expect((await otherWorker.hold(5)).map(({ id }) => id)).toEqual([mail.id === 1 ? 2 : 1]);
    expect((await states()).sort()).toEqual(['planned', 'sending']);
  });

  it('never hands out a sent mail again', async () => {
    await plan('ada@example.com');
    await settled({ state: 'sent' });
    await passRetryTime();
    await ledger.recover({ ...smtp, onUnknown: 'resend', alone: true });

    expect(await ledger.hold(1)).toEqual([]);
    expect(await states()).toEqual(['sent']);
  });

  it('hands out a failed mail when its next attempt is due, not before', async () => {
    await plan('ada@example.com');
    await settled(failed);

    expect(await ledger.hold(1)).toEqual([]);
    await passRetryTime();

    expect(await begun()).toMatchObject({ mail: { id: 1 }, attempt: 2 });
  });

  it('hands out a dead mail never again', async () => {
    await plan('ada@example.com');
    await settled(dead);
    await passRetryTime();

    expect(await ledger.hold(1)).toEqual([]);
  });

  it('drops todos out of a held mail, and the mail with the last of them', async () => {
    await plan('ada@example.com', 'ada@example.com', 'bruno@example.com');
    const [ada, bruno] = await ledger.hold(2);
    const [first, second] = ada!.todos;

    await ledger.drop(ada!.id, [first!]);
    await ledger.drop(bruno!.id, [bruno!.todos[0]!]);
    await ledger.release();

    expect(await ledger.hold(5)).toEqual([
      expect.objectContaining({ id: ada!.id, todos: [second], total: 1 }),
    ]);
    await ledger.drop(ada!.id, [second!]);
    expect(await states()).toEqual([]);
    const { rowCount } = await database.pool.query('select 1 from reminders');
    expect(rowCount).toBe(0);
  });

  it('drops a todo by its due date: one that moved while it was read stays under the new one', async () => {
    const planning = new PlanningRepository(database.pool);
    const [id, owner] = [randomUUID(), { email: 'ada@example.com', timeZone: null }];
    const dates = [now + 3_600_000, now + 7_200_000];
    await planning.noteFound(
      dates.map((dueAt) => ({ id, title: 'Moved', dueAt: new Date(dueAt).toISOString(), owner })),
      now,
    );
    await planning.planDigests(now, { minGapHours: 6, messageIdDomain: 'gatehouse.example' });
    const mail = await held();

    await ledger.drop(mail.id, [{ id, dueAt: dates[0]! }]);
    await ledger.release();

    expect((await held()).todos).toEqual([{ id, title: 'Moved', dueAt: dates[1] }]);
  });

  it('drops nothing out of a mail that another worker holds', async () => {
    await plan('ada@example.com');
    const mail = await held();

    await otherWorker.drop(mail.id, mail.todos);

    expect(await states()).toEqual(['planned']);
  });

  it('leaves a mail to the worker that is sending it for as long as it renews its lease', async () => {
    await plan('ada@example.com');
    const { mail, attempt } = await begun();
    await expireLeases();
    await ledger.renew(mail.id, attempt);

    await ledger.recover(smtp);

    expect(await states()).toEqual(['sending']);
  });

  it('renews no lease of a mail that is in other hands, or settled', async () => {
    await plan('ada@example.com', 'bruno@example.com');
    const [first, second] = [await begun(), await begun()];
    await ledger.settle(second.mail.id, second.attempt, failed);
    await otherWorker.renew(first.mail.id, first.attempt);
    await expireLeases();
    for (const { mail, attempt } of [first, second]) await otherWorker.renew(mail.id, attempt);
    await ledger.renew(second.mail.id, second.attempt);

    await ledger.recover(smtp);

    expect((await states()).sort()).toEqual(['failed', 'unknown']);
  });

  it('counts an attempt against the mail, unless the mail server was the reason that it failed', async () => {
    await plan('ada@example.com');
    const counted: number[] = [];
    for (const ofServer of [false, true, true, false]) {
      const { id } = await held();
      const attempt = (await ledger.begin(id))!;
      counted.push(attempt.counted);
      await ledger.settle(id, attempt.number, ofServer ? { ...failed, ofServer } : failed);
      await passRetryTime();
    }

    expect(counted).toEqual([1, 2, 2, 2]);
    expect(await begun()).toMatchObject({ attempt: 5 });
  });

  it('leaves a mail to the worker that is sending it while the lease runs', async () => {
    await plan('ada@example.com');
    await begun();

    await ledger.recover(smtp);

    expect(await states()).toEqual(['sending']);
    expect(await otherWorker.hold(1)).toEqual([]);
  });

  it('holds for a decision a mail whose worker stopped while sending it, because it may have arrived', async () => {
    await plan('ada@example.com');
    await begun();
    await expireLeases();

    await ledger.recover(smtp);

    expect(await states()).toEqual(['unknown']);
    expect(await ledger.hold(1)).toEqual([]);
    expect(await ledger.figures()).toMatchObject({ failed: 0, unknown: 1 });
  });

  it('waits for no lease when no other worker can be alive', async () => {
    await plan('ada@example.com', 'bruno@example.com');
    await begun();
    await held();

    await ledger.recover({ ...smtp, alone: true });

    expect((await states()).sort()).toEqual(['planned', 'unknown']);
    expect(await otherWorker.hold(5)).toHaveLength(1);
  });

  it('sends such a mail again where sending twice does no harm', async () => {
    await plan('ada@example.com');
    await begun();
    await expireLeases();

    await ledger.recover({ ...smtp, idempotent: true });

    expect(await begun()).toMatchObject({ mail: { id: 1 }, attempt: 2 });
  });

  it('sends unknown mails again with ON_UNKNOWN=resend, but not for ever', async () => {
    await plan('ada@example.com');
    const attempts: number[] = [];
    for (let run = 0; run < 5; run++) {
      await ledger.recover({ ...smtp, onUnknown: 'resend' });
      const [mail] = await ledger.hold(1);
      if (!mail) continue;
      const attempt = (await ledger.begin(mail.id))!.number;
      attempts.push(attempt);
      await ledger.settle(mail.id, attempt, unknown);
    }

    expect(attempts).toEqual([1, 2, 3]);
    expect(await states()).toEqual(['unknown']);
  });

  it('counts only how often a mail of unknown fate was sent again, not the attempts that plainly failed', async () => {
    await plan('ada@example.com');
    for (let attempt = 1; attempt <= 3; attempt++) {
      await settled(failed);
      await passRetryTime();
    }
    await settled(unknown);

    await ledger.recover({ ...smtp, onUnknown: 'resend' });

    expect(await begun()).toMatchObject({ attempt: 5 });
  });

  it('takes the word of a worker that overstayed its lease, unless the mail is in other hands by then', async () => {
    await plan('ada@example.com', 'bruno@example.com');
    const [first, second] = [await begun(), await begun()];
    await expireLeases();
    await ledger.recover(smtp);
    await review.resolve(second.mail.id, 'resend');
    expect(await begun()).toMatchObject({ mail: { id: second.mail.id }, attempt: 2 });

    await ledger.settle(first.mail.id, first.attempt, { state: 'sent' });
    await ledger.settle(second.mail.id, second.attempt, { state: 'dead', reason: 'too late to say' });

    expect(await states()).toEqual(['sent', 'sending']);
  });

  it('tells how much is left to do and to decide, and for how long the first has been waiting', async () => {
    await plan('ada@example.com', 'bruno@example.com', 'chiyo@example.com');
    await settled(unknown);
    await settled(dead);
    const began = performance.now();
    await database.pool.query("update mails set next_attempt_at = now() - interval '90 seconds'");

    const figures = await ledger.figures();

    expect(figures).toMatchObject({ failed: 0, unknown: 1, dead: 1, waiting: 1 });
    expect(figures.lagSeconds).toBeGreaterThanOrEqual(90);
    expect(figures.lagSeconds).toBeLessThan(91 + (performance.now() - began) / 1_000);
  });

  // Embedded, the database has one session, and nobody can be in between.
  const onServer = processEnvironment()['TEST_DATABASE_URL'] ? it : it.skip;
  onServer('passes over a mail that another worker is just taking, instead of taking it too', async () => {
    await plan('ada@example.com');
    const taking = await database.pool.connect();
    await taking.query('begin');
    await taking.query('select from mails for update');
    const held = ledger.hold(1);
    const first = await Promise.race([held, new Promise((resolve) => setTimeout(resolve, 1_000, 'waiting'))]);
    await taking.query('commit');
    taking.release();
    await held;

    expect(first).toEqual([]);
  });

  it('keeps what was decided by hand, even if the worker reports something else later', async () => {
    await plan('ada@example.com');
    const { mail, attempt } = await begun();
    await expireLeases();
    await ledger.recover(smtp);
    await review.resolve('all', 'sent');

    await ledger.settle(mail.id, attempt, failed);

    expect(await states()).toEqual(['sent']);
  });

  it('begins no mail a second time while it is being sent', async () => {
    await plan('ada@example.com');
    const { mail } = await begun();

    expect(await ledger.begin(mail.id)).toBeUndefined();
  });

  it('drops nothing out of a mail that is being sent', async () => {
    await plan('ada@example.com');
    const { mail } = await begun();

    await ledger.drop(mail.id, mail.todos);

    expect(await states()).toEqual(['sending']);
  });

  it('takes no mail from a live worker while it settles what dead ones left, or lets go of its own', async () => {
    await plan('ada@example.com');
    await otherWorker.hold(1);

    await ledger.recover(smtp);
    await ledger.release();

    expect(await ledger.hold(1)).toEqual([]);
  });

  it('counts what other workers hold and send, until their leases run out, and not what they let go of', async () => {
    await plan('ada@example.com', 'bruno@example.com', 'chiyo@example.com', 'dana@example.com');
    const leased = async () => (await ledger.figures()).leased;
    expect(await leased()).toBe(0);

    const [first] = await otherWorker.hold(3);
    await otherWorker.begin(first!.id);
    expect(await leased()).toBe(3);

    await otherWorker.release();
    expect(await leased()).toBe(1);
    await otherWorker.hold(1);
    await expireLeases();
    await ledger.recover(smtp);
    expect(await leased()).toBe(0);
  });

  describe('for somebody who unsubscribed', () => {
    it('sends nothing of what is planned, held by a worker or not, and forgets it', async () => {
      await plan('ada@example.com', 'bruno@example.com');
      const mail = await held();

      await people.unsubscribe('ada@example.com');
      await people.unsubscribe('bruno@example.com');

      expect(await ledger.begin(mail.id)).toBeUndefined();
      expect(await states()).toEqual([]);
    });

    it('sends nothing again of what was being sent at that instant, and forgets it once it has failed', async () => {
      await plan('ada@example.com', 'bruno@example.com');
      const [first] = [await begun(), await begun()];
      await people.unsubscribe('ada@example.com');
      await people.unsubscribe('bruno@example.com');
      await ledger.settle(first.mail.id, first.attempt, failed);
      await passRetryTime();

      const again = await held();
      expect(await ledger.begin(again.id)).toBeUndefined();
      await ledger.recover({ ...smtp, idempotent: true, alone: true });
      expect(await states()).toEqual([]);
    });

    it('plans nothing afterwards, until it is undone', async () => {
      await people.unsubscribe('ada@example.com');
      await plan('ada@example.com');
      expect(await states()).toEqual([]);

      await people.resubscribe('ada@example.com');
      await plan('ada@example.com');
      expect(await states()).toEqual(['planned']);
    });

    it('sends no unknown or dead mail again, neither by itself nor by hand', async () => {
      await plan('ada@example.com', 'ada@example.com', 'bruno@example.com');
      await settled(unknown);
      await settled(dead);
      await people.unsubscribe('ada@example.com');
      await people.unsubscribe('bruno@example.com');

      await ledger.recover({ ...smtp, onUnknown: 'resend' });

      expect(await review.resolve('all', 'resend')).toBe(0);
      expect(await review.retry('all')).toBe(0);
      expect((await states()).sort()).toEqual(['dead', 'unknown']);
    });
  });

  describe('by hand', () => {
    const command = (line: string) => ledgerCommand(review, line.split(' ').filter(Boolean));

    beforeEach(async () => {
      await plan('ada@example.com', 'bruno@example.com', 'chiyo@example.com');
      await settled({ state: 'sent' });
      await settled(unknown);
      await settled(dead);
    });

    it('lists a mail that is planned, and until when a worker holds it', async () => {
      await plan('dana@example.com');
      expect(await command('')).toMatch(/^\d +planned +dana@example\.com +1 +0 +[\d-]+ [\d:]+$/m);

      const [mail] = await otherWorker.hold(1);

      expect(await command('')).toMatch(
        /^\d +planned +dana@example\.com +1 +0 +[\d-]+ [\d:]+ +[\d-]+ [\d:]+$/m,
      );
      const [row] = JSON.parse(await command('list --state planned --json')) as {
        id: number;
        leaseUntil: string;
      }[];
      expect(row?.id).toBe(mail?.id);
      expect(Date.parse(row!.leaseUntil)).toBeGreaterThan(Date.now());
    });

    it.each(['', 'list'])('lists with "%s" what did not simply go out, and how to decide', async (line) => {
      const text = await command(line);

      expect(text.match(/@example\.com/g)).toHaveLength(2);
      expect(text).toMatch(/^\d +unknown +\w+@example\.com +1 +1 .*no reply to the final dot$/m);
      expect(text).toMatch(/^\d +dead +\w+@example\.com +1 +1 .*550 nobody here$/m);
      expect(text).toContain('Decide with: npm run reminder -- ledger resolve <id>|all sent|resend');
      expect(text).toContain('npm run reminder -- ledger retry <id>|all');
    });

    it('lists one state, and as JSON for scripts', async () => {
      const [mail, ...others] = JSON.parse(await command('list --state dead --json')) as object[];

      expect(others).toEqual([]);
      expect(mail).toEqual({
        id: expect.any(Number) as number,
        state: 'dead',
        leaseUntil: null,
        recipient: expect.any(String) as string,
        todos: 1,
        attempts: 1,
        plannedAt: new Date(now).toISOString(),
        messageId: expect.stringMatching(/^<.+@gatehouse\.example>$/) as string,
        reason: '550 nobody here',
      });
    });

    it('says so when there is nothing to list', async () => {
      await command('resolve all sent');

      expect(await command('list --state unknown --state failed')).toBe('No mail is unknown or failed.');
      expect(await command('list --state unknown --json')).toBe('[]');
      await database.pool.query('truncate people, mails, reminders');
      expect(await command('list')).toBe('All planned mails have been sent.');
    });

    it('counts a held mail as sent, or sends it again under the same Message-ID', async () => {
      const [{ id, messageId }] = JSON.parse(await command('list --state unknown --json')) as [PlannedMail];
      expect(await command(`resolve ${String(id)} resend`)).toBe(
        '1 mail is sent again by the next run, with the same Message-ID.',
      );
      const again = await begun();
      expect(again).toMatchObject({ mail: { id, messageId }, attempt: 2 });

      await ledger.settle(id, 2, unknown);
      expect(await command('resolve all sent --json')).toBe('{"mails":1}');
      expect((await states()).sort()).toEqual(['dead', 'sent', 'sent']);
    });

    it('has a dead or failed mail tried again', async () => {
      expect(await command('retry all')).toBe('1 mail is retried by the next run.');
      expect((await ledger.figures()).lagSeconds).toBeLessThan(60);

      expect(await begun()).toMatchObject({ attempt: 2 });
    });

    it('touches no mail that is planned, in hand, sent, not there or of another kind', async () => {
      const idOf = async (state: string) => {
        const { rows } = await database.pool.query<{ id: number }>('select id from mails where state = $1', [
          state,
        ]);
        return String(rows[0]!.id);
      };
      for (const line of [
        `resolve ${await idOf('sent')} resend`,
        `resolve ${await idOf('dead')} sent`,
        `retry ${await idOf('unknown')}`,
        'resolve 99 sent',
      ]) {
        const states = line.startsWith('retry') ? 'failed or dead' : 'unknown';
        await expect(command(line)).rejects.toMatchObject({
          exitCode: 2,
          message: expect.stringMatching(
            `^There is no ${states} mail \\d+ .*: "npm run reminder -- ledger" lists the mails`,
          ) as string,
        });
      }

      expect((await states()).sort()).toEqual(['dead', 'sent', 'unknown']);
    });

    it('explains itself when it is asked something else', async () => {
      for (const line of [
        'resolve',
        'resolve 1',
        'resolve 1 maybe',
        'resolve one sent',
        'resolve 1 sent now',
        'retry',
        'retry 1 2',
        'retry 1 sent',
        'list 1',
        'list --state sent',
        'retry all --state dead',
        'resolve all sent --state unknown',
        'drop 1',
      ]) {
        await expect(command(line)).rejects.toMatchObject({
          exitCode: 2,
          message: expect.stringMatching(/\. Try: npm run reminder -- --help$/) as string,
        });
      }
    });
  });
});
