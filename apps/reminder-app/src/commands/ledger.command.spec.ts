import {
  dead,
  type LedgerWorld,
  now,
  startLedgerWorld,
  unknown,
} from '../../../../test/support/ledger-world.js';
import type { PlannedMail } from '../mail/digest.js';
import { ledgerCommand } from './ledger.command.js';

describe('the ledger command', () => {
  let world: LedgerWorld;

  beforeAll(async () => (world = await startLedgerWorld()));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.clear();
    await world.plan('ada@example.com', 'bruno@example.com', 'chiyo@example.com');
    await world.settleNext({ state: 'sent' });
    await world.settleNext(unknown);
    await world.settleNext(dead);
  });

  const command = (line: string) => ledgerCommand(world.review, line.split(' ').filter(Boolean));

  it('lists a planned mail, and until when a worker holds it', async () => {
    await world.plan('dana@example.com');
    expect(await command('')).toMatch(/^\d +planned +dana@example\.com +1 +0 +[\d-]+ [\d:]+$/m);

    const [mail] = await world.otherWorker.hold(1);

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

  it.each(['', 'list'])(
    'lists with "%s" the mails that have not been sent, and how to decide about them',
    async (line) => {
      const text = await command(line);

      expect(text.match(/@example\.com/g)).toHaveLength(2);
      expect(text).toMatch(/^\d +unknown +\w+@example\.com +1 +1 .*no reply to the final dot$/m);
      expect(text).toMatch(/^\d +dead +\w+@example\.com +1 +1 .*550 nobody here$/m);
      expect(text).toContain('Decide with: npm run reminder -- ledger resolve <id>|all sent|resend');
      expect(text).toContain('npm run reminder -- ledger retry <id>|all');
    },
  );

  it('lists mails in the order of their ids, even if an earlier one changed last', async () => {
    await world.pool.query("update mails set reason = 'changed' where state = 'unknown'");

    const mails = JSON.parse(await command('list --json')) as { id: number }[];

    expect(mails.map(({ id }) => id)).toEqual([2, 3]);
  });

  it('lists one state, as JSON for scripts', async () => {
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

  it('says that there is nothing to list', async () => {
    await command('resolve all sent');

    expect(await command('list --state unknown --state failed')).toBe('No mail is unknown or failed.');
    expect(await command('list --state unknown --json')).toBe('[]');
    await world.pool.query('truncate people, mails, reminders');
    expect(await command('list')).toBe('All planned mails have been sent.');
  });

  it('marks an unknown mail as sent, or resends it under the same Message-ID', async () => {
    const [{ id, messageId }] = JSON.parse(await command('list --state unknown --json')) as [PlannedMail];
    expect(await command(`resolve ${String(id)} resend`)).toBe(
      '1 mail is sent again by the next run, with the same Message-ID.',
    );
    const again = await world.beginNext();
    expect(again).toMatchObject({ mail: { id, messageId }, attempt: 2 });

    await world.ledger.settle(id, 2, unknown);
    expect(await command('resolve all sent --json')).toBe('{"mails":1}');
    expect((await world.states()).sort()).toEqual(['dead', 'sent', 'sent']);
    const { rows } = await world.pool.query('select reason from mails where id = $1', [id]);
    expect(rows).toEqual([{ reason: 'resolved by hand' }]);
  });

  it('sends nothing again to a person who unsubscribed, and says so', async () => {
    for (const { recipient } of await world.review.list(['unknown', 'dead']))
      await world.people.unsubscribe(recipient);

    expect(await command('retry all')).toBe('0 mails are retried by the next run.');
    expect(await command('resolve all resend --json')).toBe('{"mails":0}');
    await expect(command('retry 3')).rejects.toThrow(/^There is no failed or dead mail 3 whose recipient/);
    expect(await world.states()).toEqual(['sent', 'unknown', 'dead']);
  });

  it('retries dead and failed mails', async () => {
    expect(await command('retry all')).toBe('1 mail is retried by the next run.');
    expect((await world.ledger.figures()).lagSeconds).toBeLessThan(60);

    expect(await world.beginNext()).toMatchObject({ attempt: 2 });
  });

  it('refuses a mail that does not exist or is in another state', async () => {
    const idOf = async (state: string) => {
      const { rows } = await world.pool.query<{ id: number }>('select id from mails where state = $1', [
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

    expect((await world.states()).sort()).toEqual(['dead', 'sent', 'unknown']);
  });

  it('refuses other arguments and names its help', async () => {
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
