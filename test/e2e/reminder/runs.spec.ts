import { readFile, stat } from 'node:fs/promises';
import type { Reminder } from '../../../apps/reminder-app/src/reminder.js';
import { type ReminderWorld, startReminderWorld } from './reminder-world.js';
import { hour, minute, todo } from './stand-ins.js';

describe('the runs of the Reminder', () => {
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
    world.todos.state.beforeConfirmation = () => {};
    await reminder.runOnce();
  });

  const due = (title: string, inMs: number, email?: string | null) =>
    todo(title, now - Date.now() + inMs, email);
  const mailsAbout = async (title: string) =>
    (await world.mails()).filter(({ text }) => text?.includes(title)).length;

  it('mails a todo that is due within a day once', async () => {
    world.todos.state.todos = [due('Pay the rent', 20 * hour)];

    expect(await reminder.runOnce()).toEqual({
      todosFound: 1,
      mailsSent: 1,
      failed: 0,
      held: 0,
      leased: 0,
      waiting: 0,
      dropped: 0,
      withoutAddress: 0,
      unusableAddress: 0,
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

  it('catches up after days of downtime with what fell due meanwhile, and calls it overdue', async () => {
    const start = now;
    world.todos.state.todos = [due('Due on the first day', 30 * hour), due('Due on the third', 70 * hour)];
    now += 96 * hour;

    expect(await reminder.runOnce()).toMatchObject({ todosFound: 2, mailsSent: 1 });
    const query = world.todos.state.requests.findLast((url) =>
      url.searchParams.has('dueAfter'),
    )!.searchParams;
    expect(query.get('dueAfter')).toBe(new Date(start).toISOString());
    const [mail] = (await world.mails()).filter(({ text }) => text?.includes('Due on the third'));
    expect(mail?.subject).toBe('2 todos are overdue');
  });

  it('mails a rescheduled todo again, with the new due date only', async () => {
    const moving = due('On the move', 3 * hour);
    world.todos.state.todos = [moving];
    await reminder.runOnce();
    world.todos.state.todos = [{ ...moving, dueAt: new Date(now + 5 * hour).toISOString() }];
    now += 4 * hour;

    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1 });
    expect(await mailsAbout('On the move')).toBe(2);
  });

  it('does not mail what was finished, deleted or moved between planning and sending', async () => {
    const [kept, finished, deleted, moved] = ['Kept', 'Finished', 'Deleted', 'Moved'].map((title) =>
      due(title, hour),
    );
    world.todos.state.todos = [kept!, finished!, deleted!, moved!, due('Alone', hour, 'bruno@example.com')];
    const before = (await world.mails()).length;
    world.todos.state.beforeConfirmation = () => {
      world.todos.state.todos = [
        kept!,
        { ...finished!, status: 'done' },
        { ...moved!, dueAt: new Date(now + 20 * hour).toISOString() },
      ];
    };

    expect(await reminder.runOnce()).toMatchObject({ todosFound: 5, mailsSent: 1, dropped: 4 });

    expect(await world.mails()).toHaveLength(before + 1);
    expect(await mailsAbout('Kept')).toBe(1);
    expect(await mailsAbout('Finished')).toBe(0);
    // It is found under its new date, and waits for the next digest.
    expect(await reminder.runOnce()).toMatchObject({ todosFound: 2, mailsSent: 0, waiting: 1 });
  });

  it('ignores todos that are due later than in a day, done, or undated', async () => {
    world.todos.state.todos = [
      due('Next week', 25 * hour),
      { ...due('Done', hour), status: 'done' },
      { ...due('Undated', hour), dueAt: null },
    ];

    expect(await reminder.runOnce()).toMatchObject({ todosFound: 0, mailsSent: 0 });
  });

  it('never mails a todo whose owner has no verified address or one that cannot be mailed, and counts each', async () => {
    world.todos.state.todos = [
      due('Unreachable', hour, null),
      due('Two at once', hour, 'a@example.com, b@example.com'),
      due('Somebody', hour),
    ];

    expect(await reminder.runOnce()).toMatchObject({
      todosFound: 3,
      withoutAddress: 1,
      unusableAddress: 1,
      mailsSent: 1,
    });
    expect(await mailsAbout('Unreachable')).toBe(0);
    expect(await mailsAbout('Two at once')).toBe(0);
  });

  it('puts all due todos of a person into one mail, over any number of pages', async () => {
    const people = ['ada@example.com', 'bruno@example.com'];
    world.todos.state.todos = Array.from({ length: 64 }, (_, index) =>
      due(`Item ${String(index)}.`, hour + index * minute, people[index % 2]),
    );
    world.todos.state.pageSize = 4;
    const before = (await world.mails()).length;

    expect(await reminder.runOnce()).toMatchObject({ todosFound: 64, mailsSent: 2 });
    const mails = await world.mails();
    expect(mails).toHaveLength(before + 2);
    const big = mails.filter(({ text }) => text?.startsWith('32 todos are due'));
    expect(big).toHaveLength(2);
    for (const { text } of big) expect(text).toContain('… and 12 more');
  });

  it('postpones todos found soon after a digest to the next one', async () => {
    world.todos.state.todos = [due('First', 20 * hour)];
    await reminder.runOnce();
    world.todos.state.todos.push(due('Second', 21 * hour));

    now += hour;
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0, waiting: 1 });
    now += 5 * hour;
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1, waiting: 0 });
  });

  it('requests exactly the todos due between the last completed run and a day from now', async () => {
    const last = now;
    now += 3 * hour;
    await reminder.runOnce();

    const query = Object.fromEntries(world.todos.state.requests.at(-1)!.searchParams);
    expect(query).toEqual({
      owner: 'everyone',
      dueAfter: new Date(last).toISOString(),
      dueBefore: new Date(now + 24 * hour).toISOString(),
      status: 'open',
      limit: '1000',
    });
  });

  it('previews who would get which mail, and neither sends nor stores anything', async () => {
    world.todos.state.todos = [
      due('For Ada', 20 * hour),
      due('Also for Ada', 2 * hour),
      due('For Bruno', hour, 'bruno@example.com'),
      due('For nobody', hour, null),
      due('Next week', 100 * hour),
    ];
    const before = (await world.mails()).length;

    const preview = await reminder.preview();

    expect(preview.mails.map(({ recipient, total, todos }) => [recipient, total, todos[0]?.title])).toEqual([
      ['bruno@example.com', 1, 'For Bruno'],
      ['ada@example.com', 2, 'Also for Ada'],
    ]);
    expect(preview).toMatchObject({ withoutAddress: 1, unusableAddress: 0 });
    expect((await reminder.preview(now + 90 * hour)).mails[1]?.total).toBe(3);
    expect(await world.mails()).toHaveLength(before);
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 2 });
    expect((await reminder.preview()).mails).toEqual([]);
  });

  it('mails nothing more to a person who has pressed the button of the page that the mail links to', async () => {
    world.todos.state.todos = [due('Before', hour, 'dana@example.com')];
    await reminder.runOnce();
    const [mail] = (await world.mails()).filter(({ to }) => to?.[0]?.address === 'dana@example.com');
    const link = mail!.headers.find(({ key }) => key === 'list-unsubscribe')!.value.slice(1, -1);
    const { url } = await reminder.serve();
    const here = `${url}${new URL(link).pathname}`;
    expect((await fetch(here, { method: 'POST', body: 'List-Unsubscribe=One-Click' })).status).toBe(200);

    now += 12 * hour;
    world.todos.state.todos = [due('After', hour, 'dana@example.com')];
    expect((await reminder.preview()).mails).toEqual([]);
    expect(await reminder.runOnce()).toMatchObject({ todosFound: 1, mailsSent: 0 });

    await fetch(here, { method: 'POST', body: new URLSearchParams({ action: 'resubscribe' }) });
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1 });
  });

  it('joins a run in progress instead of starting a second', async () => {
    world.todos.state.todos = [due('Shared', hour)];
    const pages = () => world.todos.state.requests.filter((url) => url.searchParams.has('dueAfter')).length;
    const before = pages();

    const [one, other] = await Promise.all([reminder.runOnce(), reminder.runOnce()]);

    expect(other).toBe(one);
    expect(pages()).toBe(before + 1);
  });

  it('authenticates as the public client and stores each new refresh token', async () => {
    expect([...world.issuer.state.clients]).toEqual(['a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c']);
    expect((await readFile(world.tokenFile, 'utf8')).trim()).toBe(world.issuer.state.refreshToken);
    expect((await stat(world.tokenFile)).mode & 0o777).toBe(0o600);
  });
});
