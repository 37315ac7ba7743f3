import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { parseConfig } from '#gatehouse/platform';
import { schemaFor } from '../../../apps/reminder-app/src/config.js';
import { createReminder } from '../../../apps/reminder-app/src/reminder.js';
import { type FaultySmtp, type SmtpFault, startSmtp } from '../../e2e/reminder/faulty-smtp.js';
import { silentLog } from '../../support/embedded-database.js';
import type { Figures, Proof } from '../proof.js';
import { onReminderGround, type ReminderGround } from '../reminder-ground.js';

interface Row {
  readonly fault: string;
  /** The single fault of the mail server. */
  readonly does?: SmtpFault;
  /** True where the server's TLS certificate is not trusted. */
  readonly untrusted?: true;
  /** True where the worker is stopped once the mail is handed over. */
  readonly isStopped?: true;
  /** The state after the first attempt, and after another one with a healthy server. */
  readonly states: readonly [string, string];
  /** The number of copies of the mail in the mailbox then. */
  readonly mails: number;
}

const second = 1_000;
const table: readonly Row[] = [
  { fault: '421 as greeting', does: { at: 'greeting', reply: 421 }, states: ['failed', 'sent'], mails: 1 },
  { fault: '421 to MAIL', does: { at: 'mail', reply: 421 }, states: ['failed', 'sent'], mails: 1 },
  { fault: '451 to MAIL', does: { at: 'mail', reply: 451 }, states: ['failed', 'sent'], mails: 1 },
  { fault: '550 to MAIL', does: { at: 'mail', reply: 550 }, states: ['failed', 'sent'], mails: 1 },
  { fault: '421 to the final dot', does: { at: 'data', reply: 421 }, states: ['failed', 'sent'], mails: 1 },
  { fault: '450 to RCPT', does: { at: 'rcpt', reply: 450 }, states: ['failed', 'sent'], mails: 1 },
  { fault: '450 to the final dot', does: { at: 'data', reply: 450 }, states: ['failed', 'sent'], mails: 1 },
  { fault: '550 to RCPT', does: { at: 'rcpt', reply: 550 }, states: ['dead', 'dead'], mails: 0 },
  { fault: '550 to the final dot', does: { at: 'data', reply: 550 }, states: ['dead', 'dead'], mails: 0 },
  { fault: 'dropped at DATA', does: { at: 'command', then: 'drop' }, states: ['failed', 'sent'], mails: 1 },
  // So small a mail is sent completely before the first bytes of an answer arrive: the client cannot know how far it
  // got.
  {
    fault: 'dropped within the body',
    does: { at: 'body', then: 'drop' },
    states: ['unknown', 'unknown'],
    mails: 0,
  },
  {
    fault: 'dropped after the final dot',
    does: { at: 'data', then: 'drop' },
    states: ['unknown', 'unknown'],
    mails: 1,
  },
  { fault: 'TLS that is not trusted', untrusted: true, states: ['failed', 'sent'], mails: 1 },
  {
    fault: 'silent for 30 s, then 250',
    does: { at: 'data', then: 'stall', ms: 30 * second },
    states: ['sent', 'sent'],
    mails: 1,
  },
  {
    fault: 'silent for ever, until the worker is stopped',
    does: { at: 'data', then: 'hang' },
    isStopped: true,
    states: ['unknown', 'unknown'],
    mails: 1,
  },
];

/**
 * Sends one mail through each fault of a mail server, with a whole run each time; the real limits, so it takes a
 * minute.
 */
export const reminderSmtpFaults: Proof = {
  name: 'reminder-smtp-faults',
  about: 'what becomes of a mail at each fault of a mail server, state by state',
  run: (say) => onReminderGround((ground) => prove(ground, say)),
};

async function prove(ground: ReminderGround, say: (text: string) => void): Promise<Figures> {
  const { url, pool } = await ground.database();
  const environment = { ...ground.environment(await ground.tokenFile()), DATABASE_URL: url };
  const figures: Record<string, string> = {};
  for (const [index, row] of table.entries()) {
    const email = `person-${index}@example.com`;
    await ground.addTodos([{ title: 'Water the plants', email, dueIn: 3_600_000 }]);
    figures[row.fault] = await play(row, email, environment, pool);
    say(`${row.fault}: ${figures[row.fault]}`);
  }
  return figures;
}

async function play(
  row: Row,
  email: string,
  environment: Record<string, string>,
  pool: pg.Pool,
): Promise<string> {
  const smtp = await startSmtp({ secure: row.untrusted ?? false });
  if (row.does) smtp.state.faults = [row.does];
  const first = await runOnce(environment, smtp, pool, email, row.isStopped);
  // The untrusted server is replaced by one without TLS, as if its certificate had been renewed.
  const later = row.untrusted ? await startSmtp() : smtp;
  await pool.query('update mails set next_attempt_at = now()');
  const then = await runOnce(environment, later, pool, email);
  const mails = [...new Set([smtp, later])].flatMap(({ state }) =>
    state.received.filter(isAccepted(row, smtp)),
  );
  await smtp.close();
  if (later !== smtp) await later.close();
  const seen = `${first}, then ${then}; ${mails.length} in the mailbox`;
  const promised = `${row.states[0]}, then ${row.states[1]}; ${row.mails} in the mailbox`;
  if (seen !== promised) throw new Error(`${row.fault}: ${seen}, where ${promised} was promised`);
  return seen;
}

/** The stand-in stores a mail even when it then refuses it: the first of two at a refused final dot. */
const isAccepted =
  ({ does }: Row, smtp: FaultySmtp) =>
  (mail: FaultySmtp['state']['received'][number]) =>
    !(does?.at === 'data' && 'reply' in does && mail === smtp.state.received[0]);

async function runOnce(
  environment: Record<string, string>,
  smtp: FaultySmtp,
  pool: pg.Pool,
  email: string,
  isStopped = false,
): Promise<string> {
  const all = { ...environment, SMTP_URL: smtp.url };
  const reminder = await createReminder(parseConfig(schemaFor(all), all), { log: silentLog });
  const run = reminder.runOnce();
  while (isStopped && smtp.state.received.length === 0) await delay(10);
  if (!isStopped) await run;
  await reminder.close();
  await delay(10);
  const { rows } = await pool.query<{ state: string }>('select state from mails where recipient = $1', [
    email,
  ]);
  return rows[0]?.state ?? 'no mail';
}
