import { randomUUID } from 'node:crypto';
import type { Database } from '#gatehouse/database';
import { createLogger, exitCodes, ExitError } from '#gatehouse/platform';
import { testDatabase } from '../../../../test/support/embedded-database.js';
import { Ledger } from '../ledger/ledger.js';
import { PlanningRepository } from '../ledger/planning.repository.js';
import type { OutgoingMail } from '../mail/mailer.js';
import type { DueTodo } from '../todos/todo-client.js';
import { UnsubscriptionRepository } from '../unsubscribe/unsubscription.repository.js';
import type { DueWindow } from './due-window.js';
import { previewRun } from './preview.js';
import { run, type RunParts } from './run.js';
import { noProgress } from './run-progress.js';

const hour = 3_600_000;
const signal = new AbortController().signal;
const down = new ExitError('The Todo API is down', exitCodes.unavailable);

describe('on a real ledger', () => {
  let database: Database;
  let parts: RunParts;
  let now: number;
  let todos: DueTodo[];
  let failing: Error | undefined;
  let windows: DueWindow[];
  let sent: OutgoingMail[];
  let asked: number;
  let mailServer: 'well' | 'down';

  beforeAll(async () => (database = await testDatabase('reminder')));
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.pool.query('truncate people, mails, reminders, progress restart identity');
    [now, todos, failing, windows, sent, asked] = [Date.now(), [], undefined, [], [], 0];
    mailServer = 'well';
    parts = {
      planning: new PlanningRepository(database.pool),
      ledger: new Ledger(database.pool),
      todos: {
        async *due(window) {
          windows.push(window);
          for (const todo of todos) yield [todo];
          if (failing) throw failing;
        },
        open: (ids) => {
          asked++;
          return Promise.resolve(todos.filter(({ id }) => ids.includes(id)));
        },
      },
      mailer: {
        idempotent: false,
        deliver: (mail) => {
          if (mailServer === 'down')
            return Promise.resolve({ kind: 'later', reason: '421 down', serverDown: true });
          sent.push(mail);
          return Promise.resolve({ kind: 'sent' });
        },
        rest: () => Promise.resolve(),
      },
      message: {
        from: { name: 'Reminders', address: 'reminders@gatehouse.example' },
        unsubscribeUrl: () => 'https://reminders.example.com/unsubscribe/x',
      },
      messageIdDomain: 'gatehouse.example',
      now: () => Promise.resolve(now),
      pause: () => Promise.resolve(),
      log: createLogger('test', 'silent'),
      checkpoint: () => {},
      progress: noProgress,
      onSent: () => {},
      windowHours: 24,
      minGapHours: 6,
      recovery: { idempotent: false, onUnknown: 'hold', alone: false },
    };
  });

  const due = (
    inMs: number,
    email: string | null = 'ada@example.com',
    timeZone: string | null = null,
  ): DueTodo => ({
    id: randomUUID(),
    title: 'Water the plants',
    dueAt: new Date(now + inMs).toISOString(),
    owner: { email, timeZone },
  });
  const recipients = () => sent.map(({ to }) => to);

  describe('a run', () => {
    it('plans and sends each todo it finds once, and the next run starts from there', async () => {
      todos = [due(hour), due(2 * hour), due(hour, 'bruno@example.com')];

      expect(await run(parts, { signal })).toMatchObject({
        todosFound: 3,
        mailsSent: 2,
        failed: 0,
        leased: 0,
      });
      const first = now;
      now += hour;
      expect(await run(parts, { signal })).toMatchObject({ todosFound: 3, mailsSent: 0 });

      expect(recipients().sort()).toEqual(['ada@example.com', 'bruno@example.com']);
      expect(windows).toEqual([
        { from: first, until: first + 24 * hour },
        { from: first, until: now + 24 * hour },
      ]);
    });

    it('that cannot read everything throws the cause, and the next one reads the same span', async () => {
      await run(parts, { signal });
      const last = now;
      [now, failing, todos] = [now + hour, down, [due(hour)]];

      await expect(run(parts, { signal })).rejects.toBe(down);
      expect(sent).toEqual([]);
      failing = undefined;
      expect(await run(parts, { signal })).toMatchObject({ mailsSent: 1 });
      expect(windows.map(({ from }) => from)).toEqual([last, last, last]);
    });

    it('sends mails that were planned before although it cannot read, without confirmation', async () => {
      [mailServer, todos] = ['down', [due(hour), due(hour, 'bruno@example.com')]];
      expect(await run(parts, { signal })).toMatchObject({ mailsSent: 0, failed: 1 });
      [mailServer, failing, asked] = ['well', down, 0];
      await database.pool.query("update mails set next_attempt_at = now() - interval '1 second'");

      await expect(run(parts, { signal })).rejects.toBe(down);

      expect(sent).toHaveLength(2);
      expect(asked).toBe(0);
    });

    it('first settles the mails of a dead worker, and counts those that wait for a lease', async () => {
      todos = [due(hour), due(hour, 'bruno@example.com'), due(hour, 'chiyo@example.com')];
      mailServer = 'down';
      await run(parts, { signal });
      await database.pool.query("update mails set next_attempt_at = now() - interval '1 second'");
      const dead = new Ledger(database.pool);
      const [mail] = await dead.hold(2);
      await dead.begin(mail!.id);
      mailServer = 'well';

      expect(await run(parts, { signal })).toMatchObject({ mailsSent: 1, held: 0, leased: 2 });
      await database.pool.query(
        "update mails set lease_until = now() - interval '1 second' where lease_until > now()",
      );
      expect(await run(parts, { signal })).toMatchObject({ mailsSent: 1, held: 1, leased: 0 });
    });

    it('renews the tick after each page, and finishes it before it sends', async () => {
      const events: string[] = [];
      todos = [due(hour), due(hour, 'bruno@example.com')];
      const turn = {
        renew: () => Promise.resolve(void events.push('renew')),
        finish: () => Promise.resolve(void events.push('finish')),
      };

      const onSent = () => void events.push('sent');
      await run({ ...parts, onSent }, { signal, turn });

      expect(events).toEqual(['renew', 'renew', 'renew', 'finish', 'sent', 'sent']);
    });
  });

  describe('a dry run', () => {
    it('shows who would get which mail, soonest due first, and changes nothing', async () => {
      todos = [
        due(2 * hour),
        due(hour, 'bruno@example.com', 'Asia/Tokyo'),
        due(3 * hour),
        due(hour, null),
        due(hour, 'a b@c'),
      ];

      const preview = await previewRun(parts, { signal });

      expect(preview).toMatchObject({
        mails: [
          { recipient: 'bruno@example.com', timeZone: 'Asia/Tokyo', total: 1 },
          { recipient: 'ada@example.com', timeZone: 'UTC', total: 2 },
        ],
        withoutAddress: 1,
        unusableAddress: 1,
      });
      expect(await run(parts, { signal })).toMatchObject({ mailsSent: 2 });
    });

    it('omits planned todos, people with a recent digest or who unsubscribed; shows waiting mails first', async () => {
      [mailServer, todos] = ['down', [due(20 * hour)]];
      await run(parts, { signal });
      await new UnsubscriptionRepository(database.pool).unsubscribe('dana@example.com');
      await database.pool.query("update mails set next_attempt_at = now() - interval '1 second'");
      todos.push(due(21 * hour), due(hour, 'dana@example.com'), due(hour, 'bruno@example.com'));

      const { mails } = await previewRun(parts, { signal });

      expect(mails.map(({ recipient, total }) => [recipient, total])).toEqual([
        ['ada@example.com', 1],
        ['bruno@example.com', 1],
      ]);
    });

    it('throws the cause if it cannot read', async () => {
      failing = down;

      await expect(previewRun(parts, { signal })).rejects.toBe(down);
    });
  });
});
