import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTypeScript } from '../../support/typescript-process.js';
import { startSink } from '../mail-sink.js';
import type { Figures, Proof } from '../proof.js';
import { onReminderGround, type ReminderGround } from '../reminder-ground.js';

const main = join(import.meta.dirname, '../../../apps/reminder-app/src/main.ts');
const people = 600;
const stops = 10;
const hour = 3_600_000;
const exitWithin = 20_000;

/** Stops a worker in the middle of its work, repeatedly, and checks the state it leaves. */
export const reminderDrain: Proof = {
  name: 'reminder-drain',
  about: `SIGTERM under load, ${stops} times: the current mail is finished, the others are released immediately, and the process exits within 20 s`,
  run: (say) => onReminderGround((ground) => prove(ground, say)),
};

async function prove(ground: ReminderGround, say: (text: string) => void): Promise<Figures> {
  const { url, pool } = await ground.database();
  // A slow mail server, so that a signal nearly always arrives during a mail.
  const sink = await startSink(40);
  await ground.addTodos(
    Array.from({ length: people }, (_, index) => ({
      title: `Todo ${index}`,
      email: `person-${index}@example.com`,
      dueIn: hour,
    })),
  );
  const environment = {
    ...ground.environment(await ground.tokenFile()),
    DATABASE_URL: url,
    SMTP_URL: sink.url,
  };
  const exits: number[] = [];
  try {
    for (let stop = 1; stop <= stops; stop++) {
      exits.push(await stopUnderLoad(environment, sink.mails));
      const left = await leftIn(pool);
      if (left.sending + left.held > 0 || left.sent !== sink.mails.length)
        throw new Error(`after stop ${stop}: ${JSON.stringify({ ...left, arrived: sink.mails.length })}`);
      say(
        `stop ${stop}: out after ${exits.at(-1) ?? 0} ms, ${left.sent} mails sent, ${left.planned} left to the next`,
      );
    }
    const last = startTypeScript(main, ['once'], environment);
    await once(last, 'exit');
    const recipients = new Set(sink.mails.map(({ to }) => to)).size;
    if (recipients !== people || sink.mails.length !== people)
      throw new Error(`${sink.mails.length} mails for ${recipients} of ${people} people`);
    const slowest = Math.max(...exits);
    if (slowest > exitWithin) throw new Error(`took ${slowest} ms to stop`);
    return {
      stops,
      'slowest exit in ms': slowest,
      mails: sink.mails.length,
      recipients,
      'held or sending after a stop': 0,
    };
  } finally {
    await sink.close();
  }
}

/** Resolves with the milliseconds that the worker took to exit. */
async function stopUnderLoad(
  environment: Record<string, string>,
  mails: readonly unknown[],
): Promise<number> {
  const enough = mails.length + 5 + Math.floor(Math.random() * 40);
  const worker = startTypeScript(main, ['watch'], { ...environment, REMINDER_SCHEDULE: '* * * * * *' });
  worker.stdout!.resume();
  worker.stderr!.pipe(process.stderr);
  while (mails.length < enough) await delay(5);
  const told = performance.now();
  worker.kill('SIGTERM');
  const [code] = (await once(worker, 'exit')) as [number];
  if (code !== 143) throw new Error(`left with ${code}`);
  return Math.round(performance.now() - told);
}

async function leftIn(pool: { query(sql: string): Promise<{ rows: unknown[] }> }) {
  const { rows } = await pool.query(
    `select count(*) filter (where state = 'sent')::int as sent,
            count(*) filter (where state = 'sending')::int as sending,
            count(*) filter (where state = 'planned')::int as planned,
            count(*) filter (where state = 'planned' and held_by is not null)::int as held from mails`,
  );
  return rows[0] as { sent: number; sending: number; planned: number; held: number };
}
