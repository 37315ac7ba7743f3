import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { crashPoints, type CrashPoint } from '../../../apps/reminder-app/src/checkpoint.js';
import type { RunReport } from '../../../apps/reminder-app/src/run.js';
import { startTypeScript } from '../../support/typescript-process.js';
import { startSmtp, type FaultySmtp } from './faulty-smtp.js';
import { startReminderWorld, type ReminderWorld } from './reminder-world.js';
import { hour, todo } from './stand-ins.js';

describe('a Reminder that is killed', () => {
  let world: ReminderWorld;
  let smtp: FaultySmtp;

  beforeAll(async () => {
    world = await startReminderWorld();
    smtp = await startSmtp();
  });
  afterAll(async () => {
    await smtp.close();
    await world.close();
  });
  beforeEach(() => {
    world.todos.state.todos = [];
    smtp.state.received = [];
  });

  /** One run in a process of its own, which kills itself at the crash point. */
  async function runAndDie(point: CrashPoint, settings: Record<string, string> = {}): Promise<string | null> {
    const child = startTypeScript(join(import.meta.dirname, 'reminder-process.ts'), [point, world.template], {
      ...process.env,
      ...world.environment,
      ...settings,
    });
    const [complaints, [, signal]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
    expect(complaints).toBe('');
    return signal as string | null;
  }

  /** Two runs of a new Reminder on what the dead one left. */
  async function runTwice(settings: Record<string, string> = {}): Promise<[RunReport, RunReport]> {
    const reminder = await world.reminder(settings);
    try {
      return [await reminder.runOnce(), await reminder.runOnce()];
    } finally {
      await reminder.close();
    }
  }

  it.each(crashPoints)('%s loses no mail, repeats none, and keeps its session', async (point) => {
    world.todos.state.todos = [
      todo(`Killed ${point}.`, hour),
      todo(`Also ${point}.`, hour, 'bruno@example.com'),
    ];

    expect(await runAndDie(point)).toBe('SIGKILL');
    expect((await readFile(world.tokenFile, 'utf8')).trim()).toBe(world.issuer.state.refreshToken);
    const [, second] = await runTwice();

    expect(second).toMatchObject({ mailsSent: 0, failed: 0, held: 0 });
    const mails = await world.mails();
    for (const title of [`Killed ${point}.`, `Also ${point}.`])
      expect(mails.filter((mail) => mail.text?.includes(title))).toHaveLength(1);
  });

  it('after a mail went out by SMTP and before it was marked leaves that one held, sends the others, and repeats none', async () => {
    const settings = { SMTP_URL: smtp.url };
    world.todos.state.todos = ['ada', 'bruno', 'chiyo'].map((name) =>
      todo('By SMTP.', hour, `${name}@example.com`),
    );

    await runAndDie('after-send-before-mark', settings);
    const [first, second] = await runTwice(settings);

    expect(first).toMatchObject({ mailsSent: 2, held: 1 });
    expect(second).toMatchObject({ mailsSent: 0, held: 1 });

    const recipients = smtp.state.received.map(({ to }) => to?.[0]?.address);
    expect(recipients.sort()).toEqual(['ada@example.com', 'bruno@example.com', 'chiyo@example.com']);
  });
});
