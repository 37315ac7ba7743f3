import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { type Environment, parseConfig } from '#gatehouse/platform';
import { ledgerCommand } from '../../../apps/reminder-app/src/commands/ledger.command.js';
import { type ReminderConfig, schemaFor } from '../../../apps/reminder-app/src/config.js';
import { LedgerReview } from '../../../apps/reminder-app/src/ledger/ledger-review.js';
import { openStorage } from '../../../apps/reminder-app/src/ledger/storage.js';
import { createReminder } from '../../../apps/reminder-app/src/reminder.js';
import { type CrashPoint, crashPoints } from '../../../apps/reminder-app/src/run/checkpoint.js';
import { databaseTemplate, silentLog } from '../../support/embedded-database.js';
import { startTypeScript } from '../../support/typescript-process.js';
import { startSink } from '../mail-sink.js';
import type { Figures, Proof } from '../proof.js';
import { onReminderGround, type ReminderGround } from '../reminder-ground.js';

const program = join(import.meta.dirname, '../../e2e/reminder/reminder-process.ts');
const hour = 3_600_000;
/** The number of kills at each crash point, and at random times, in each of the four ways. */
const perPoint = 5;
const atRandom = 10;

/** Kills a Reminder two hundred times, at every critical place, and counts the mails afterwards. */
export const reminderKills: Proof = {
  name: 'reminder-kills',
  about:
    '200 times kill -9: no mail lost, none repeated; by SMTP at most one held a kill, none lost once resolved',
  run: (say) => onReminderGround((ground) => prove(ground, say)),
};

async function prove(ground: ReminderGround, say: (text: string) => void): Promise<Figures> {
  const kills = new Map<string, number>();
  const results: [string, string][] = [];
  for (const database of ['embedded', 'server'] as const) {
    for (const mailer of ['folder', 'smtp'] as const) {
      const result = await killFiftyTimes(ground, { database, mailer, kills, say });
      results.push([`${database}, ${mailer}`, result]);
      say(`${database}, ${mailer}: ${result}`);
    }
  }
  const total = [...kills.values()].reduce((sum, count) => sum + count, 0);
  if (total < 200 || crashPoints.some((point) => (kills.get(point) ?? 0) < 5))
    throw new Error(`too few kills: ${JSON.stringify([...kills])}`);
  return {
    kills: total,
    ...Object.fromEntries([...kills].map(([point, count]) => [`killed ${point}`, count])),
    ...Object.fromEntries(results),
  };
}

interface Way {
  readonly database: 'embedded' | 'server';
  readonly mailer: 'folder' | 'smtp';
  /** The number of kills by place, over all ways. */
  readonly kills: Map<string, number>;
  readonly say: (text: string) => void;
}

async function killFiftyTimes(ground: ReminderGround, way: Way): Promise<string> {
  const sink = await startSink();
  try {
    const place = await placeFor(ground, way, sink.url);
    // The Reminder reads everyone's todos: those of the previous way would be mailed first.
    await ground.removeTodos();
    const points: (CrashPoint | undefined)[] = [
      ...crashPoints.flatMap((point) => Array<CrashPoint>(perPoint).fill(point)),
      ...Array<undefined>(atRandom).fill(undefined),
    ];
    const titles: string[] = [];
    for (const [index, point] of points.entries()) {
      const people = ['ada', 'bruno', 'chiyo'].map((name) => `${name}@${way.database}-${way.mailer}.example`);
      const todos = people.map((email) => ({ title: `<${index} ${email}>`, email, dueIn: hour }));
      titles.push(...todos.map(({ title }) => title));
      await ground.addTodos(todos);
      // A run that had already finished was not killed.
      while (!(await kill(place, point, way.kills)))
        way.say('finished before it was to be killed; another one');
      await place.letTimePass();
      if (index % 10 === 9) way.say(`${way.database}, ${way.mailer}: ${index + 1} kills`);
    }
    const held = await settle(place);
    const mailed = () =>
      way.mailer === 'folder' ? place.mailsInFolder() : sink.mails.map(({ source }) => source);
    const before = await count(titles, await mailed());
    if (before.repeated > 0 || held > points.length || (way.mailer === 'folder' && held + before.lost > 0))
      throw new Error(`${way.database}, ${way.mailer}: ${JSON.stringify({ ...before, held })}`);
    await resolveAll(place);
    await settle(place);
    const after = await count(titles, await mailed());
    if (after.lost > 0 || after.inTwoMails > 0)
      throw new Error(`${way.database}, ${way.mailer}: after resolve ${JSON.stringify(after)}`);
    return (
      `${titles.length} todos, ${before.repeated} repeated, ${before.lost} missing in ${held} mails held; ` +
      `${after.lost} lost after "ledger resolve all resend"`
    );
  } finally {
    await sink.close();
  }
}

interface Place {
  readonly environment: Environment;
  readonly config: ReminderConfig;
  readonly template: string;
  /** Moves the stored times back, as if the leases of the dead workers had expired. */
  letTimePass(): Promise<void>;
  mailsInFolder(): Promise<string[]>;
}

async function placeFor(ground: ReminderGround, { database, mailer }: Way, smtpUrl: string): Promise<Place> {
  const server = database === 'server' ? await ground.database() : undefined;
  const directory = join(ground.directory, `${database}-${mailer}`);
  const folder = join(directory, 'mails');
  await mkdir(folder, { recursive: true });
  const environment = {
    ...ground.environment(await ground.tokenFile()),
    LOG_LEVEL: 'silent',
    DATA_DIR: directory,
    SMTP_URL: mailer === 'folder' ? `folder:${folder}` : smtpUrl,
    ...(server ? { DATABASE_URL: server.url } : {}),
  };
  return {
    environment,
    config: parseConfig(schemaFor(environment), environment),
    template: await databaseTemplate(),
    async letTimePass() {
      // Before the first run has created the tables there is nothing to move.
      await server?.pool
        .query("update mails set lease_until = now() - interval '1 second' where lease_until is not null")
        .catch(() => undefined);
    },
    async mailsInFolder() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.eml'));
      return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    },
  };
}

/** The shortest duration of a run that was not killed, in milliseconds; random kills come before it. */
let wholeRun = 3_000;

/** Runs a separate process that dies at the crash point, or at a random time within its run; returns whether it did. */
async function kill(
  place: Place,
  point: CrashPoint | undefined,
  kills: Map<string, number>,
): Promise<boolean> {
  const child = startTypeScript(program, [point ?? 'never', place.template], place.environment);
  const complaints = text(child.stderr!);
  if (point === undefined) {
    const began = performance.now();
    child.once('exit', (code) => {
      if (code === 0) wholeRun = Math.min(wholeRun, performance.now() - began);
    });
    await delay((0.3 + 0.7 * Math.random()) * wholeRun);
    child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const name = point ?? 'at random';
  if (child.signalCode !== 'SIGKILL' && point !== undefined)
    throw new Error(`was to die ${name}, but ended: ${await complaints}`);
  if ((await complaints) !== '') throw new Error(`complained: ${await complaints}`);
  if (child.signalCode !== 'SIGKILL') return false;
  kills.set(name, (kills.get(name) ?? 0) + 1);
  return true;
}

/** Runs until nothing is left to do, and returns the number of mails that are held for a decision. */
async function settle(place: Place): Promise<number> {
  const reminder = await createReminder(place.config, { log: silentLog, template: place.template });
  try {
    for (;;) {
      const { mailsSent, failed, held } = await reminder.runOnce();
      if (mailsSent === 0 && failed === 0) return held;
    }
  } finally {
    await reminder.close();
  }
}

/** Runs the command with which an operator decides about them. */
async function resolveAll({ config }: Place): Promise<void> {
  const database = await openStorage(config, silentLog);
  const review = new LedgerReview(database);
  await ledgerCommand(review, ['resolve', 'all', 'resend']);
  await review.close();
  await database.close();
}

/**
 * Returns the titles that are in no mail, those in more than one, and those in two mails that are not the same one sent
 * again.
 */
async function count(titles: readonly string[], sources: readonly string[]) {
  const mailsOf = new Map<string, string[]>(titles.map((title) => [title, []]));
  for (const source of sources) {
    const { text: body = '', messageId = '' } = await PostalMime.parse(source);
    for (const [title] of body.matchAll(/<\d+ \S+>/g)) mailsOf.get(title)?.push(messageId);
  }
  const found = [...mailsOf.values()];
  return {
    lost: found.filter((mails) => mails.length === 0).length,
    repeated: found.filter((mails) => mails.length > 1).length,
    inTwoMails: found.filter((mails) => new Set(mails).size > 1).length,
  };
}
