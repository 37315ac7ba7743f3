import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { startTypeScript } from '../../support/typescript-process.js';
import { startSink } from '../mail-sink.js';
import type { Figures, Proof } from '../proof.js';
import { onReminderGround, type ReminderGround } from '../reminder-ground.js';

const main = join(import.meta.dirname, '../../../apps/reminder-app/src/main.ts');
const workers = 3;
const people = 10_000;
const hour = 3_600_000;
const withinSeconds = 600;

/** Three `watch` processes share one database and one schedule, and send ten thousand mails. */
export const reminderWorkers: Proof = {
  name: 'reminder-workers',
  about: 'three workers on one database send 10,000 people exactly one mail each',
  run: (say) => onReminderGround((ground) => prove(ground, say)),
};

interface Worker {
  readonly process: ChildProcess;
  sent: number;
  /** The ticks of the schedule that it ran. */
  readonly ticks: string[];
}

async function prove(ground: ReminderGround, say: (text: string) => void): Promise<Figures> {
  const { url, pool } = await ground.database();
  const sink = await startSink();
  say(`adding two todos for each of ${people} people`);
  await ground.addTodos(
    Array.from({ length: 2 * people }, (_, index) => ({
      title: `Todo ${index}`,
      email: `person-${index % people}@example.com`,
      dueIn: hour + index,
    })),
  );
  const environment = {
    ...ground.environment(await ground.tokenFile()),
    DATABASE_URL: url,
    SMTP_URL: sink.url,
    REMINDER_SCHEDULE: '*/5 * * * * *',
  };
  const begun = performance.now();
  const crowd = Array.from({ length: workers }, () => startWorker(environment));
  try {
    while (sink.mails.length < people) {
      await delay(2_000);
      say(`${sink.mails.length} mails`);
      if (performance.now() - begun > withinSeconds * 1000)
        throw new Error(`only ${sink.mails.length} mails arrived within ${withinSeconds} s`);
    }
    const seconds = (performance.now() - begun) / 1000;
    // Two more ticks, in which nothing may be sent again.
    await delay(12_000);
    return await figuresOf(sink.mails, crowd, pool, seconds);
  } finally {
    for (const { process } of crowd) process.kill('SIGTERM');
    for (const { process } of crowd) if (process.exitCode === null) await once(process, 'exit');
    await sink.close();
  }
}

function startWorker(environment: Record<string, string>): Worker {
  const worker: Worker = { process: startTypeScript(main, ['watch'], environment), sent: 0, ticks: [] };
  createInterface(worker.process.stdout!).on('line', (line) => {
    const { msg, tick = '' } = JSON.parse(line) as { msg: string; tick?: string };
    if (msg === 'mail sent') worker.sent++;
    if (msg === 'this worker runs the tick') worker.ticks.push(tick);
  });
  worker.process.stderr!.pipe(process.stderr);
  return worker;
}

async function figuresOf(
  mails: readonly { to: string; messageId: string }[],
  crowd: readonly Worker[],
  pool: { query(sql: string): Promise<{ rows: { state: string; count: number }[] }> },
  seconds: number,
): Promise<Figures> {
  const { rows } = await pool.query('select state, count(*)::int from mails group by state');
  const recipients = new Set(mails.map(({ to }) => to));
  const figures = {
    mails: mails.length,
    recipients: recipients.size,
    'seconds until the last arrived, start of three processes included': Math.round(seconds * 10) / 10,
    'mails a second': Math.round(people / seconds),
    'sent by each worker': crowd.map(({ sent }) => sent).join(', '),
    'ticks of the schedule run by each worker': crowd.map(({ ticks }) => ticks.length).join(', '),
    ledger: rows.map(({ state, count }) => `${state} ${count}`).join(', '),
  };
  const isRight =
    mails.length === people && recipients.size === people && figures.ledger === `sent ${people}`;
  if (!isRight) throw new Error(JSON.stringify(figures));
  const ticks = crowd.flatMap((worker) => worker.ticks);
  if (new Set(ticks).size !== ticks.length)
    throw new Error(`two workers ran one tick: ${ticks.sort().join(' ')}`);
  if (crowd.some(({ sent }) => sent < people / 10))
    throw new Error(`idle worker: ${JSON.stringify(figures)}`);
  return figures;
}
