import { chmodSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import PostalMime, { type Email } from 'postal-mime';
import { type Database, openDatabase } from '#gatehouse/database';
import { processEnvironment, Secret } from '#gatehouse/platform';
import { LedgerReview } from '../../apps/reminder-app/src/ledger/ledger-review.js';
import type { Reminder } from '../../apps/reminder-app/src/reminder.js';
import { noProgress } from '../../apps/reminder-app/src/run/run-progress.js';
import { type ReminderWorld, startReminderWorld } from '../e2e/reminder/reminder-world.js';
import { hour, todo } from '../e2e/reminder/stand-ins.js';
import { describeWhere } from '../support/describe-where.js';
import { silentLog } from '../support/embedded-database.js';
import { type FreshDatabase, freshDatabase } from '../support/fresh-database.js';
import { startExim } from './mail-servers/exim.js';
import { type MailServer, startPostfix } from './mail-servers/postfix.js';
import { startPostgrey } from './mail-servers/postgrey.js';
import type { ServerProcess } from './mail-servers/server-process.js';

/** The folder where `npm run test:services` has unpacked the servers; unset where they are not available. */
const servers = processEnvironment()['TEST_MAIL_SERVERS'] ?? '';
const missing = servers === '' ? 'Postfix and Exim could not be unpacked' : undefined;
const greylistedFor = 2;
const people = [
  ...Array.from({ length: 129 }, (_, index) => `person-${index}@example.com`),
  'grete@bücher.example',
];

describeWhere(missing)('through a real mail server', () => {
  let world: ReminderWorld;
  let fresh: FreshDatabase;
  let database: Database;
  let review: LedgerReview;
  let reminder: Reminder | undefined;
  let home: string;
  let running: ServerProcess[];

  beforeEach(async () => {
    home = mkdtempSync(join(servers, 'run-'));
    chmodSync(home, 0o755);
    running = [];
    world = await startReminderWorld();
    fresh = (await freshDatabase())!;
    database = await openDatabase({
      name: 'reminder',
      url: new Secret(fresh.url),
      dataDir: '',
      log: silentLog,
    });
    review = new LedgerReview(database);
  });
  afterEach(async () => {
    await reminder?.close();
    await review.close();
    await database.close();
    for (const server of running.reverse()) await server.stop();
    await fresh.drop();
    await world.close();
  });

  async function startReminder({ process }: MailServer, progress = noProgress): Promise<Reminder> {
    const SMTP_URL = `smtp://127.0.0.1:${process.port}`;
    return (reminder = await world.reminder({ SMTP_URL, DATABASE_URL: fresh.url }, { progress }));
  }

  /** Returns every mail that the server has delivered. */
  async function mailbox(server: MailServer): Promise<Email[]> {
    const folder = join(server.mailbox, 'new');
    const names = await readdir(folder).catch(() => []);
    return Promise.all(names.map(async (name) => PostalMime.parse(await readFile(join(folder, name)))));
  }

  async function untilDelivered(server: MailServer, count: number): Promise<void> {
    const end = Date.now() + 30_000;
    while ((await mailbox(server)).length < count && Date.now() < end) await delay(50);
  }

  /** Waits for the queue: an operator who does not would send mails again that are accepted but not yet delivered. */
  async function untilQueueIsEmpty({ queue }: MailServer): Promise<void> {
    const waiting = () =>
      queue.flatMap((directory) =>
        existsSync(directory) ? readdirSync(directory, { recursive: true, withFileTypes: true }) : [],
      );
    const end = Date.now() + 30_000;
    while (waiting().some((entry) => entry.isFile()) && Date.now() < end) await delay(100);
    await delay(500);
  }

  /** Decides as an operator does: compares each mail with an unknown outcome with the mailbox. */
  async function decideUnknown(server: MailServer): Promise<void> {
    const unknown = await review.list(['unknown']);
    if (unknown.length > 0) await untilQueueIsEmpty(server);
    const delivered = new Set((await mailbox(server)).map(({ messageId }) => messageId));
    for (const { id, messageId } of unknown)
      await review.resolve(id, delivered.has(messageId) ? 'sent' : 'resend');
  }

  const passRetryTime = () =>
    database.pool.query("update mails set next_attempt_at = now() where state = 'failed'");

  /** Expects no lost mail, no duplicate, and a ledger that matches the mailbox. */
  async function expectAllOnce(server: MailServer, recipients: readonly string[]): Promise<void> {
    const mails = await mailbox(server);
    const { rows } = await database.pool.query<{ state: string; message_id: string }>(
      'select state, message_id from mails',
    );
    expect(mails.map(({ to }) => to?.[0]?.address ?? '').sort()).toEqual([...recipients].sort());
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['sent']));
    expect(mails.map(({ messageId }) => messageId).sort()).toEqual(rows.map((row) => row.message_id).sort());
  }

  async function greylisting(start: (greylist: number) => Promise<MailServer>): Promise<MailServer> {
    const postgrey = await startPostgrey(servers, home, greylistedFor);
    running.push(postgrey);
    const server = await start(postgrey.port);
    running.push(server.process);
    return server;
  }

  const startServer = {
    Postfix: (greylist: number) => startPostfix(servers, home, greylist),
    Exim: (greylist: number) => startExim(servers, home, { greylist, mailsPerSession: 7, runsQueue: true }),
  };

  it.each(['Postfix', 'Exim'] as const)(
    'reaches 130 people once each by %s, greylisted, in short sessions, with a restart in the middle',
    async (name) => {
      const server = await greylisting(startServer[name]);
      world.todos.state.todos = people.map((person) => todo('Water the plants', hour, person));
      let stopAt = 0;
      let stopped: Promise<void> | undefined;
      const sent = (count: number) => {
        if (count === stopAt) stopped ??= server.process.stop();
      };
      const { runOnce } = bound(await startReminder(server, { ...noProgress, sent }));

      expect(await runOnce()).toMatchObject({ mailsSent: 0, failed: people.length });
      await delay((greylistedFor + 1) * 1_000);
      await passRetryTime();
      stopAt = 40;
      expect((await runOnce()).mailsSent).toBeLessThan(people.length);
      await stopped;
      await server.process.start();
      for (let run = 0; run < 3; run += 1) {
        await decideUnknown(server);
        await passRetryTime();
        await runOnce();
      }

      await untilDelivered(server, people.length);
      await expectAllOnce(
        server,
        people.map((person) => person.replace('bücher', 'xn--bcher-kva')),
      );
    },
    120_000,
  );

  it('reaches everybody immediately through a stock Exim, which queues the eleventh mail of a session', async () => {
    const some = people.slice(0, 30);
    const server = await startExim(servers, home, { runsQueue: false });
    running.push(server.process);
    world.todos.state.todos = some.map((person) => todo('Water the plants', hour, person));

    expect(await bound(await startReminder(server)).runOnce()).toMatchObject({ mailsSent: 30, failed: 0 });

    await untilDelivered(server, some.length);
    await expectAllOnce(server, some);
  });
});

const bound = (reminder: Reminder) => ({ runOnce: () => reminder.runOnce() });
