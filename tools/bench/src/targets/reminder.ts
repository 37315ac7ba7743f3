import { migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { createLogger, Secret, systemClock, systemPause } from '#gatehouse/platform';
import { PlanningRepository } from '../../../../apps/reminder-app/src/ledger/planning.repository.js';
import { sortByAddress } from '../../../../apps/reminder-app/src/run/mailable.js';
import { TodoClient } from '../../../../apps/reminder-app/src/todos/todo-client.js';
import { serveParent, settings } from '../../../measure/src/serve.js';

interface ReminderSettings {
  readonly todoApiUrl: string;
  /** The database for plans; without one it only reads. */
  readonly databaseUrl?: string;
}

export interface Taken {
  readonly todos: number;
  readonly seconds: number;
  /** Of this process, all threads. */
  readonly cpuMicroseconds: number;
}

export interface Planned extends Taken {
  readonly mails: number;
  /** The peak of the process so far, including this work. */
  readonly peakMegabytes: number;
}

/** The Reminder App's reading and planning, in a separate process. */
const { todoApiUrl, databaseUrl = '' } = settings as ReminderSettings;
const log = createLogger('reminder', 'silent');
const todos = new TodoClient({
  baseUrl: todoApiUrl,
  devCenterUrl: undefined,
  credentials: {
    check: () => Promise.resolve(),
    authorization: () => Promise.resolve(new Headers({ authorization: 'Bearer of-no-use-here' })),
    invalidate: () => undefined,
    close: () => Promise.resolve(),
  },
  clock: systemClock,
  pause: systemPause,
  log,
});
const everything = { from: 0, until: Date.parse('2030-01-01T00:00:00Z') };
const never = new AbortController().signal;

/** Reads every due todo, as a run does before it reads the ledger. */
const scan = ({ page }: { page: number }): Promise<Taken> =>
  timed(async () => {
    let count = 0;
    for await (const items of todos.due(everything, never, page)) count += items.length;
    return count;
  });

/** Parses the same pages from memory: the minimum for any client. */
async function parse({ page, pages }: { page: number; pages: number }): Promise<Taken> {
  const text = await (await fetch(`${todoApiUrl}/todos?limit=${page}`)).text();
  return timed(() => {
    let count = 0;
    for (let turn = 0; turn < pages; turn += 1)
      count += (JSON.parse(text) as { items: unknown[] }).items.length;
    return Promise.resolve(count);
  });
}

/** Finds and plans, as a run does: every page into the ledger, then a digest for every person. */
async function plan(): Promise<Planned> {
  const database = await openDatabase({ name: 'reminder', url: new Secret(databaseUrl), dataDir: '', log });
  await migrate(database, migrationsOf('reminder'));
  const planning = new PlanningRepository(database.pool);
  const now = Date.now();
  const taken = await timed(async () => {
    let count = 0;
    for await (const items of todos.due(everything, never)) {
      await planning.recordFound(sortByAddress(items).mailable, now);
      count += items.length;
    }
    await planning.planDigests(now, { minGapHours: 6, messageIdDomain: 'gatehouse.example' });
    return count;
  });
  const { rows } = await database.pool.query<{ mails: number }>('select count(*)::int as mails from mails');
  await database.close();
  return { ...taken, mails: rows[0]?.mails ?? 0, peakMegabytes: process.resourceUsage().maxRSS / 1024 };
}

async function timed(work: () => Promise<number>): Promise<Taken> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const count = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { todos: count, seconds: (performance.now() - began) / 1000, cpuMicroseconds: user + system };
}

serveParent('', { scan, parse, plan }, () => todos.close());
