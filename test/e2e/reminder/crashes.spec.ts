import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type CrashPoint, crashPoints } from '../../../apps/reminder-app/src/run/checkpoint.js';
import { startTypeScript } from '../../support/typescript-process.js';
import { type FaultySmtp, startSmtp } from './faulty-smtp.js';
import { type ReminderWorld, startReminderWorld } from './reminder-world.js';
import { hour, todo } from './stand-ins.js';

/** Ten kills with SIGKILL, each process taking over what the one before left. */
describe('a Reminder that is killed repeatedly', () => {
  /** Milliseconds; a process takes a second to start, on a busy machine several. */
  const patience = 240_000;
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

  /** One run in a process of its own, which kills itself at the crash point. */
  async function runAndDie(point: CrashPoint, settings: Record<string, string> = {}): Promise<void> {
    const child = startTypeScript(join(import.meta.dirname, 'reminder-process.ts'), [point, world.template], {
      ...process.env,
      ...world.environment,
      ...settings,
    });
    const [complaints, [, signal]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
    expect({ point, complaints, signal: signal as string | null }).toEqual({
      point,
      complaints: '',
      signal: 'SIGKILL',
    });
    // One-time tokens without grace: losing one means losing the session.
    expect((await readFile(world.tokenFile, 'utf8')).trim()).toBe(world.issuer.state.refreshToken);
  }

  it(
    'loses no mail, repeats none and keeps its session, at every crash point',
    async () => {
      for (const point of crashPoints) {
        world.todos.state.todos.push(todo(`Killed ${point}.`, hour, `${point}@example.com`));
        await runAndDie(point);
      }

      const reminder = await world.reminder();
      await reminder.runOnce();
      const last = await reminder.runOnce();
      await reminder.close();

      expect(last).toMatchObject({ mailsSent: 0, failed: 0, held: 0 });
      const mails = await world.mails();
      expect(mails.map(({ to }) => to?.[0]?.address).sort()).toEqual(
        crashPoints.map((point) => `${point}@example.com`).sort(),
      );
    },
    patience,
  );

  it(
    'holds the mail that it was sending by SMTP, sends the others once, and that one with ON_UNKNOWN=resend',
    async () => {
      const settings = { SMTP_URL: smtp.url };
      const people = ['ada', 'bruno', 'chiyo', 'dana'].map((name) => `${name}@example.com`);
      world.todos.state.todos = people.map((person) => todo('By SMTP.', hour, person));
      const received = () => smtp.state.received.map(({ to }) => to?.[0]?.address ?? '').sort();

      await runAndDie('after-send-before-mark', settings);
      await runAndDie('before-send', settings);
      const reminder = await world.reminder(settings);

      expect(await reminder.runOnce()).toMatchObject({ mailsSent: 2, held: 2 });
      expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0, held: 2 });
      await reminder.close();
      // The one killed before it could send is missing; the ledger cannot distinguish it from the one that arrived.
      const arrived = received();
      expect(arrived).toHaveLength(3);
      expect(new Set(arrived).size).toBe(3);

      const resending = await world.reminder({ ...settings, ON_UNKNOWN: 'resend' });
      expect(await resending.runOnce()).toMatchObject({ mailsSent: 2, held: 0 });
      await resending.close();
      expect(new Set(received())).toEqual(new Set(people));
      expect(new Set(smtp.state.received.map(({ messageId }) => messageId)).size).toBe(people.length);
    },
    patience,
  );
});
