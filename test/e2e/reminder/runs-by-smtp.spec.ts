import type { Reminder } from '../../../apps/reminder-app/src/reminder.js';
import { type FaultySmtp, startSmtp } from './faulty-smtp.js';
import { type ReminderWorld, startReminderWorld } from './reminder-world.js';
import { hour, minute, todo } from './stand-ins.js';

describe('the runs of the Reminder with a failing mail server', () => {
  let world: ReminderWorld;
  let reminder: Reminder;
  let smtp: FaultySmtp;
  const instantly = () => Promise.resolve();
  const start = () => world.reminder({ SMTP_URL: smtp.url }, { pause: instantly });

  beforeAll(async () => {
    [world, smtp] = await Promise.all([startReminderWorld(), startSmtp()]);
    reminder = await start();
  });
  afterAll(async () => {
    await reminder.close();
    await smtp.close();
    await world.close();
  });
  beforeEach(() => {
    smtp.state.faults = [];
    smtp.state.received = [];
  });

  let people = 0;
  /** Makes a todo for each of `count` new people. */
  const forPeople = (count: number) => {
    world.todos.state.pageSize = 1_000;
    world.todos.state.todos = Array.from({ length: count }, (_, index) =>
      todo('Water the plants', hour + index * minute, `person-${String(++people)}@example.com`),
    );
  };

  it('holds a mail whose reply was lost, and does not send it again', async () => {
    forPeople(2);
    smtp.state.faults = [{ at: 'data', then: 'drop' }];

    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1, held: 1 });
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0, held: 1 });
    expect(smtp.state.received).toHaveLength(2);
  });

  it('continues with the others after a 550, and gives that mail up', async () => {
    forPeople(3);
    smtp.state.faults = [{ at: 'rcpt', reply: 550 }];

    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 2, failed: 1 });
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0, failed: 0 });
  });

  it('continues with the others after a 450, and retries that mail later', async () => {
    forPeople(3);
    smtp.state.faults = [{ at: 'rcpt', reply: 450 }];

    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 2, failed: 1 });
    // The next attempt is a minute away, by the database's clock.
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0, failed: 1 });
  });

  it('stops at a 421 instead of trying every mail, and sends the rest with the next run', async () => {
    forPeople(3);
    smtp.state.faults = [{ at: 'greeting', reply: 421 }];

    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0 });
    expect(smtp.state.received).toEqual([]);
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 2 });
  });

  it('sends planned mails even if the Todo API is down', async () => {
    forPeople(2);
    smtp.state.faults = [{ at: 'greeting', reply: 421 }];
    await reminder.runOnce();
    world.todos.state.canned = Array(4).fill({ status: 500 });

    await expect(reminder.runOnce()).rejects.toMatchObject({ exitCode: 4 });

    expect(smtp.state.received).toHaveLength(1);
  });

  it('finishes the current mail when it is stopped, and leaves the others to the next start', async () => {
    forPeople(50);
    const running = reminder.runOnce();
    while (smtp.state.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await reminder.close();
    const { mailsSent } = await running;
    expect(mailsSent).toBeGreaterThan(0);
    expect(mailsSent).toBeLessThan(50);

    reminder = await start();

    expect((await reminder.runOnce()).mailsSent).toBe(50 - mailsSent);
    expect(new Set(smtp.state.received.map(({ messageId }) => messageId)).size).toBe(50);
    expect(smtp.state.received).toHaveLength(50);
  });
});
