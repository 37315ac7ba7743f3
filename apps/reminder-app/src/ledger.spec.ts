import { randomUUID } from 'node:crypto';
import type { Database } from '#gatehouse/database';
import { testDatabase } from '../../../test/support/embedded-database.js';
import { ledgerCommand } from './ledger-command.js';
import { Ledger, type ClaimedMail } from './ledger.js';
import { PlanningRepository } from './planning.repository.js';

const now = Date.now();
const smtp = { idempotent: false, onUnknown: 'hold', alone: false } as const;

describe('the ledger', () => {
  let database: Database;
  let ledger: Ledger;

  beforeAll(async () => {
    database = await testDatabase('reminder');
    ledger = new Ledger(database);
  });
  afterAll(async () => {
    await ledger.close();
    await database.close();
  });
  beforeEach(() => database.pool.query('truncate people, mails, reminders restart identity'));

  async function plan(...people: string[]): Promise<void> {
    const planning = new PlanningRepository(database.pool);
    const todos = people.map((email, index) => ({
      id: randomUUID(),
      title: 'Water the plants',
      dueAt: new Date(now + 3_600_000 + index).toISOString(),
      owner: { email, timeZone: 'Asia/Tokyo' },
    }));
    await planning.noteFound(todos, now);
    await planning.planDigests(now, { minGapHours: 6, messageIdDomain: 'gatehouse.example' });
  }

  async function claimed(): Promise<ClaimedMail> {
    const mail = await ledger.claim();
    if (!mail) throw new Error('nothing to claim');
    return mail;
  }

  const states = async () => {
    const { rows } = await database.pool.query<{ state: string }>('select state from mails order by id');
    return rows.map(({ state }) => state);
  };
  const expireLeases = () =>
    database.pool.query("update mails set lease_until = now() - interval '1 second'");
  const passRetryTime = () => database.pool.query('update mails set next_attempt_at = now()');

  it('hands out a planned mail with everything it takes to write it', async () => {
    await plan('chiyo@example.com');

    expect(await claimed()).toEqual({
      id: 1,
      attempt: 1,
      messageId: expect.stringMatching(/^<[0-9a-f]{40}@gatehouse\.example>$/) as string,
      recipient: 'chiyo@example.com',
      timeZone: 'Asia/Tokyo',
      plannedAt: now,
      todos: [{ title: 'Water the plants', dueAt: now + 3_600_000 }],
    });
    expect(await states()).toEqual(['sending']);
  });

  it('hands out no mail twice', async () => {
    await plan('ada@example.com', 'bruno@example.com');

    const mails = await Promise.all([ledger.claim(), ledger.claim(), ledger.claim()]);

    expect(mails.map((mail) => mail?.recipient).sort()).toEqual([
      'ada@example.com',
      'bruno@example.com',
      undefined,
    ]);
  });

  it('never hands out a sent mail again', async () => {
    await plan('ada@example.com');
    await ledger.settle(await claimed(), { state: 'sent' });
    await passRetryTime();
    await ledger.recover({ ...smtp, onUnknown: 'resend', alone: true });

    expect(await ledger.claim()).toBeUndefined();
    expect(await states()).toEqual(['sent']);
  });

  it('hands out a failed mail when its next attempt is due, not before', async () => {
    await plan('ada@example.com');
    await ledger.settle(await claimed(), { state: 'failed', reason: '450 later', retryInSeconds: 60 });

    expect(await ledger.claim()).toBeUndefined();
    await passRetryTime();

    expect(await claimed()).toMatchObject({ id: 1, attempt: 2 });
  });

  it('hands out a dead mail never again', async () => {
    await plan('ada@example.com');
    await ledger.settle(await claimed(), { state: 'dead', reason: '550 nobody' });
    await passRetryTime();

    expect(await ledger.claim()).toBeUndefined();
  });

  it('leaves a mail to the worker that holds it while the lease runs', async () => {
    await plan('ada@example.com');
    await claimed();

    await ledger.recover(smtp);

    expect(await states()).toEqual(['sending']);
    expect(await ledger.claim()).toBeUndefined();
  });

  it('holds a mail whose worker stopped while sending it, for it may have arrived', async () => {
    await plan('ada@example.com');
    await claimed();
    await expireLeases();

    await ledger.recover(smtp);

    expect(await states()).toEqual(['unknown']);
    expect(await ledger.claim()).toBeUndefined();
    expect(await ledger.outstanding()).toEqual({ failed: 0, unknown: 1 });
  });

  it('does not wait for a lease when no other worker can be alive', async () => {
    await plan('ada@example.com');
    await claimed();

    await ledger.recover({ ...smtp, alone: true });

    expect(await states()).toEqual(['unknown']);
  });

  it('sends such a mail again where sending twice does no harm', async () => {
    await plan('ada@example.com');
    await claimed();
    await expireLeases();

    await ledger.recover({ ...smtp, idempotent: true });

    expect(await claimed()).toMatchObject({ id: 1, attempt: 2 });
  });

  it('sends unknown mails again with ON_UNKNOWN=resend, but not for ever', async () => {
    await plan('ada@example.com');
    const attempts: number[] = [];
    for (let run = 0; run < 5; run++) {
      await ledger.recover({ ...smtp, onUnknown: 'resend' });
      const mail = await ledger.claim();
      if (!mail) continue;
      attempts.push(mail.attempt);
      await ledger.settle(mail, { state: 'unknown', reason: 'no reply' });
    }

    expect(attempts).toEqual([1, 2, 3]);
    expect(await states()).toEqual(['unknown']);
  });

  it('takes the word of a worker that overstayed its lease, unless somebody else has the mail by then', async () => {
    await plan('ada@example.com', 'bruno@example.com');
    const [first, second] = [await claimed(), await claimed()];
    await expireLeases();
    await ledger.recover(smtp);
    await ledger.resolve(second.id, 'resend');
    const again = await claimed();
    expect(again.id).toBe(second.id);

    await ledger.settle(first, { state: 'sent' });
    await ledger.settle(second, { state: 'dead', reason: 'too late to say' });

    expect(await states()).toEqual(['sent', 'sending']);
  });

  describe('by hand', () => {
    it('lists what did not simply go out, and how to decide', async () => {
      await plan('ada@example.com', 'bruno@example.com', 'chiyo@example.com');
      await ledger.settle(await claimed(), { state: 'sent' });
      await ledger.settle(await claimed(), { state: 'unknown', reason: 'no reply to the final dot' });
      await ledger.settle(await claimed(), { state: 'dead', reason: '550 nobody here' });

      const text = await ledgerCommand(ledger, []);

      expect(text).not.toContain('ada@example.com');
      expect(text).toMatch(/^2 +unknown +bruno@example\.com +1 .*no reply to the final dot$/m);
      expect(text).toMatch(/^3 +dead +chiyo@example\.com +1 .*550 nobody here$/m);
      expect(text).toMatch(/Decide with: reminder ledger resolve <id> sent\|resend$/);
    });

    it('says so when there is nothing to list', async () => {
      expect(await ledgerCommand(ledger, [])).toBe('Every planned mail went out.');
    });

    it('counts a held mail as sent, or sends it again under the same Message-ID', async () => {
      await plan('ada@example.com', 'bruno@example.com');
      const [first, second] = [await claimed(), await claimed()];
      for (const mail of [first, second]) await ledger.settle(mail, { state: 'unknown', reason: 'no reply' });

      await ledgerCommand(ledger, ['resolve', String(first.id), 'sent']);
      await ledgerCommand(ledger, ['resolve', String(second.id), 'resend']);

      expect(await states()).toEqual(['sent', 'planned']);
      expect((await claimed()).messageId).toBe(second.messageId);
    });

    it('does not touch a mail that is planned, in hand, sent or not there', async () => {
      await plan('ada@example.com', 'bruno@example.com');
      await ledger.settle(await claimed(), { state: 'sent' });

      for (const id of ['1', '2', '99']) {
        await expect(ledgerCommand(ledger, ['resolve', id, 'resend'])).rejects.toMatchObject({ exitCode: 2 });
      }
      expect(await states()).toEqual(['sent', 'planned']);
    });

    it.each([
      ['resolve'],
      ['resolve 1'],
      ['resolve 1 maybe'],
      ['resolve one sent'],
      ['resolve 1 sent now'],
      ['drop 1'],
    ])('explains itself when it is given "%s"', async (line) => {
      await expect(ledgerCommand(ledger, line.split(' '))).rejects.toThrow(/^Usage: reminder ledger/);
    });
  });
});
