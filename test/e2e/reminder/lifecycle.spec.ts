import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Test } from '@nestjs/testing';
import type { Database } from '#gatehouse/database';
import { openStorage } from '../../../apps/reminder-app/src/ledger/storage.js';
import { DATABASE } from '../../../apps/reminder-app/src/ledger/storage.module.js';
import { FolderMailer } from '../../../apps/reminder-app/src/mail/folder.mailer.js';
import type { Mailer } from '../../../apps/reminder-app/src/mail/mailer.js';
import { MAILER, ReminderModule } from '../../../apps/reminder-app/src/reminder.module.js';
import { Runner } from '../../../apps/reminder-app/src/run/runner.js';
import { silentLog } from '../../support/embedded-database.js';
import { startTypeScript } from '../../support/typescript-process.js';
import { startSmtp } from './faulty-smtp.js';
import { type ReminderWorld, startReminderWorld } from './reminder-world.js';
import { hour, todo } from './stand-ins.js';

describe('the Reminder App as a Nest application', () => {
  let world: ReminderWorld;
  const folder = () => join(world.directory, 'mails');

  beforeEach(async () => {
    world = await startReminderWorld();
    world.todos.state.todos = ['ada', 'ben'].map((name) =>
      todo(`Todo of ${name}`, hour, `${name}@example.com`),
    );
  });
  afterEach(() => world.close());

  /** The module with a mailer of the test's in place of the one of SMTP_URL. */
  async function compiled(mailer: Mailer) {
    const options = { log: silentLog, template: world.template };
    const module = ReminderModule.forRoot(world.config({ SMTP_URL: 'smtp://127.0.0.1:9' }), options);
    const app = await Test.createTestingModule({ imports: [module] })
      .overrideProvider(MAILER)
      .useValue(mailer)
      .compile();
    return app.init();
  }

  /** How many mails are in each state, by the database that was left. */
  async function left(): Promise<Record<string, number>> {
    const database = await openStorage(world.config(), silentLog);
    try {
      const { rows } = await database.pool.query<{ state: string; count: number }>(
        'select state, count(*)::int as count from mails group by state',
      );
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    } finally {
      await database.close();
    }
  }

  it('accepts another provider for any of its parts', async () => {
    const app = await compiled(new FolderMailer(folder()));

    const report = await app.get(Runner).runOnce();
    await app.close();

    expect(report).toMatchObject({ todosFound: 2, mailsSent: 2 });
    expect((await world.mails()).map(({ to }) => to?.[0]?.address).sort()).toEqual([
      'ada@example.com',
      'ben@example.com',
    ]);
  });

  it("closes by Nest's hooks: finishes the current mail, begins no other, closes the database last", async () => {
    const inHand = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    let delivered = 0;
    const app = await compiled({
      idempotent: false,
      async deliver() {
        delivered++;
        inHand.resolve();
        await taken.promise;
        return { kind: 'sent' };
      },
      rest: () => Promise.resolve(),
    });
    const database = app.get<Database>(DATABASE);
    const run = app.get(Runner).runOnce();
    await inHand.promise;

    let closed = false;
    const closing = app.close().then(() => (closed = true));
    await delay(100);
    expect(closed).toBe(false);
    expect((await database.pool.query('select 1')).rowCount).toBe(1);
    taken.resolve();
    await closing;

    await expect(run).resolves.toMatchObject({ mailsSent: 1 });
    await expect(database.pool.query('select 1')).rejects.toThrow();
    expect(delivered).toBe(1);
    expect(await left()).toEqual({ sent: 1, planned: 1 });
  });

  it('drains at SIGTERM: the current mail is sent, the exit code is 143, and standard output is only the log', async () => {
    const smtp = await startSmtp();
    try {
      smtp.state.faults.push({ at: 'data', then: 'stall', ms: 1_500 });
      // The database is made here, from the cached template: in the process it would take seconds.
      await (await compiled(new FolderMailer(folder()))).close();
      const main = join(import.meta.dirname, '../../../apps/reminder-app/src/main.ts');
      const settings = { LOG_LEVEL: 'debug', METRICS_PORT: '0', SMTP_URL: smtp.url };
      const watching = startTypeScript(main, ['watch'], { ...world.environment, ...settings });
      const written = Promise.all([text(watching.stdout!), text(watching.stderr!)]);
      try {
        while (smtp.state.received.length === 0 && watching.exitCode === null) await delay(10);
        watching.kill('SIGTERM');
        expect(await once(watching, 'exit')).toEqual([143, null]);
      } finally {
        watching.kill('SIGKILL');
      }
      const [log, complaints] = await written;
      const lines = log.trim().split('\n');
      expect(lines.map((line) => (JSON.parse(line) as { app: string }).app)).toEqual(
        lines.map(() => 'reminder'),
      );
      expect(complaints).toBe('');
      expect(smtp.state.received).toHaveLength(1);
      expect(await left()).toEqual({ sent: 1, planned: 1 });
    } finally {
      await smtp.close();
    }
  });

  it('leaves nothing open that would keep the process running after a run', async () => {
    const child = startTypeScript(join(import.meta.dirname, 'reminder-process.ts'), ['', world.template], {
      ...process.env,
      ...world.environment,
    });
    const report = text(child.stdout!);

    // Nothing ends this process but that it has nothing left to wait for.
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(JSON.parse(await report)).toMatchObject({ mailsSent: 2 });
  });
});
