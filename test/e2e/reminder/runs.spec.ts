import { readFile, stat } from 'node:fs/promises';
import type { Reminder } from '../../../apps/reminder-app/src/reminder.js';
import { startReminderWorld, type ReminderWorld } from './reminder-world.js';
import { hour, minute, todo } from './stand-ins.js';

describe('the Reminder, run after run', () => {
  let world: ReminderWorld;
  let reminder: Reminder;
  let now: number;

  beforeAll(async () => {
    world = await startReminderWorld();
    reminder = await world.reminder({}, { clock: () => now });
  });
  afterAll(async () => {
    await reminder.close();
    await world.close();
  });
  beforeEach(async () => {
    // Every sentence starts half a day later, so that no earlier digest is within anybody's gap.
    now = (now || Date.now()) + 12 * hour;
    world.todos.state.todos = [];
    world.todos.state.pageSize = 1_000;
    await reminder.runOnce();
  });

  const due = (title: string, inMs: number, email?: string | null) =>
    todo(title, now - Date.now() + inMs, email);
  const subjects = async () => (await world.mails()).map(({ subject }) => subject ?? '');
  const mailsAbout = async (title: string) =>
    (await world.mails()).filter(({ text }) => text?.includes(title)).length;

  it('mails a todo that is due within a day once', async () => {
    world.todos.state.todos = [due('Pay the rent', 20 * hour)];

    expect(await reminder.runOnce()).toEqual({
      todosFound: 1,
      mailsSent: 1,
      failed: 0,
      held: 0,
      waiting: 0,
      withoutAddress: 0,
    });
    expect(await reminder.runOnce()).toMatchObject({ todosFound: 1, mailsSent: 0 });
    now += 7 * hour;
    expect(await reminder.runOnce()).toMatchObject({ todosFound: 1, mailsSent: 0 });
    expect(await mailsAbout('Pay the rent')).toBe(1);
  });

  it('mails with the next run a todo created after a run and due in two hours', async () => {
    world.todos.state.todos = [due('Early bird', 20 * hour)];
    await reminder.runOnce();

    world.todos.state.todos.push(due('Latecomer', 2 * hour));
    now += 5 * minute;

    expect(await reminder.runOnce()).toMatchObject({ todosFound: 2, mailsSent: 1 });
    expect(await mailsAbout('Latecomer')).toBe(1);
    expect(await mailsAbout('Early bird')).toBe(1);
  });

  it('leaves alone what is due later than in a day, done, or undated', async () => {
    world.todos.state.todos = [
      due('Next week', 25 * hour),
      { ...due('Done', hour), status: 'done' },
      { ...due('Undated', hour), dueAt: null },
    ];

    expect(await reminder.runOnce()).toMatchObject({ todosFound: 0, mailsSent: 0 });
  });

  it('never mails a todo whose owner has no verified address, and counts it', async () => {
    world.todos.state.todos = [
      due('Unreachable', hour, null),
      due('Two at once', hour, 'a@example.com, b@example.com'),
      due('Somebody', hour),
    ];

    expect(await reminder.runOnce()).toMatchObject({ todosFound: 3, withoutAddress: 2, mailsSent: 1 });
    expect(await mailsAbout('Unreachable')).toBe(0);
    expect(await mailsAbout('Two at once')).toBe(0);
  });

  it('gathers all that is due for a person into one mail, over as many pages as it takes', async () => {
    const people = ['ada@example.com', 'bruno@example.com'];
    world.todos.state.todos = Array.from({ length: 25 }, (_, index) =>
      due(`Item ${String(index)}.`, hour + index * minute, people[index % 2]),
    );
    world.todos.state.pageSize = 4;
    const before = (await world.mails()).length;

    expect(await reminder.runOnce()).toMatchObject({ todosFound: 25, mailsSent: 2 });
    expect(await world.mails()).toHaveLength(before + 2);
    expect((await subjects()).filter((subject) => /^1[23] todos, the first due /.test(subject))).toHaveLength(
      2,
    );
  });

  it('lets what comes soon after a digest wait for the next one', async () => {
    world.todos.state.todos = [due('First', 20 * hour)];
    await reminder.runOnce();
    world.todos.state.todos.push(due('Second', 21 * hour));

    now += hour;
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0, waiting: 1 });
    now += 5 * hour;
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1, waiting: 0 });
  });

  it('asks for exactly what fell due since the last completed run and will within a day', async () => {
    const last = now;
    now += 3 * hour;
    await reminder.runOnce();

    const query = Object.fromEntries(world.todos.state.requests.at(-1)!.searchParams);
    expect(query).toEqual({
      dueAfter: new Date(last).toISOString(),
      dueBefore: new Date(now + 24 * hour).toISOString(),
      status: 'open',
      limit: '1000',
    });
  });

  it('joins a run that is under way instead of starting a second', async () => {
    world.todos.state.todos = [due('Shared', hour)];
    const requests = world.todos.state.requests.length;

    const [one, other] = await Promise.all([reminder.runOnce(), reminder.runOnce()]);

    expect(other).toBe(one);
    expect(world.todos.state.requests.length).toBe(requests + 1);
  });

  it('presents itself as the public client and keeps each refresh token that it is given', async () => {
    expect([...world.issuer.state.clients]).toEqual(['a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c']);
    expect((await readFile(world.tokenFile, 'utf8')).trim()).toBe(world.issuer.state.refreshToken);
    expect((await stat(world.tokenFile)).mode & 0o777).toBe(0o600);
  });
});
