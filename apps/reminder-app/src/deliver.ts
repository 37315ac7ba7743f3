import type { Logger } from '#gatehouse/platform';
import type { Checkpoint } from './checkpoint.js';
import { Confirmation } from './confirm.js';
import type { Ledger, Outcome } from './ledger.js';
import type { PlannedMail } from './mail/digest.js';
import type { Delivery, Mailer } from './mail/mailer.js';
import { writeMessage, type MessageParts } from './mail/message.js';
import type { RunProgress } from './run-progress.js';
import type { TodoClient } from './todo-client.js';

const firstRetry = 60;
const longestRetry = 15 * 60;
/** After these seconds of trying a mail is given up; RFC 5321 section 4.5.4.1 asks for four days at least. */
const giveUpAfter = 4 * 24 * 3600;
/** Mails held at a time: few enough to be sent soon after their todos were asked for. */
const batch = 25;

export interface DeliveryParts {
  readonly ledger: Ledger;
  readonly todos: Pick<TodoClient, 'open'>;
  readonly mailer: Mailer;
  readonly message: MessageParts;
  /** The present instant, by the clock that the workers share. */
  readonly now: () => Promise<number>;
  readonly log: Logger;
  readonly checkpoint: Checkpoint;
  readonly progress: RunProgress;
  /** Called for each mail that was sent. */
  readonly onSent: () => void;
}

export interface DeliveryReport {
  readonly sent: number;
  readonly dead: number;
  /** Todos that were finished, deleted or moved since they were planned. */
  readonly dropped: number;
}

/**
 * Sends what is planned, one mail after the other, until nothing is due, the mail server is down, or `signal` asks to
 * stop; the mail in hand is always finished, and what is held beside it released. With `unasked` the Todo API is known
 * not to answer, and the mails go out as they were planned.
 */
export async function deliverPlanned(
  parts: DeliveryParts,
  signal: AbortSignal,
  unasked = false,
): Promise<DeliveryReport> {
  const confirmation = new Confirmation(parts, unasked);
  const counts = { sent: 0, dead: 0 };
  try {
    while (!signal.aborted) {
      const held = await parts.ledger.hold(batch);
      if (held.length === 0) break;
      await parts.checkpoint('after-hold');
      const mails = await confirmation.stillDue(held, signal);
      if ((await sendAll(mails, parts, counts, signal)) === 'server down') break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await parts.ledger.release().catch((error: unknown) => {
      parts.log.warn({ err: error }, 'mails were not released; others get them when the lease runs out');
    });
    await parts.mailer.rest();
  }
  return { ...counts, dropped: confirmation.dropped };
}

async function sendAll(
  mails: readonly PlannedMail[],
  parts: DeliveryParts,
  counts: { sent: number; dead: number },
  signal: AbortSignal,
): Promise<'server down' | undefined> {
  for (const mail of mails) {
    if (signal.aborted) return undefined;
    const result = await sendOne(mail, parts);
    if (result?.outcome.state === 'sent') {
      counts.sent++;
      parts.onSent();
      parts.progress.sent(counts.sent);
    }
    if (result?.outcome.state === 'dead') counts.dead++;
    if (result?.delivery.kind === 'later' && result.delivery.serverDown) return 'server down';
  }
  return undefined;
}

/** Undefined when the mail was no longer ours to send. */
async function sendOne(mail: PlannedMail, parts: DeliveryParts) {
  const attempt = await parts.ledger.begin(mail.id);
  if (attempt === undefined) return undefined;
  const now = await parts.now();
  const message = await writeMessage(mail, now, parts.message);
  await parts.checkpoint('before-send');
  const delivery = await parts.mailer.deliver(message);
  await parts.checkpoint('after-send-before-mark');
  const outcome = outcomeOf(delivery, { attempt, plannedAt: mail.plannedAt }, now);
  await parts.ledger.settle(mail.id, attempt, outcome);
  await parts.checkpoint('after-mark');
  logOutcome(parts.log, mail, attempt, outcome);
  return { delivery, outcome };
}

/** The next state of a mail after an attempt; `now` in milliseconds since the epoch. */
export function outcomeOf(
  delivery: Delivery,
  mail: { readonly attempt: number; readonly plannedAt: number },
  now: number,
): Outcome {
  switch (delivery.kind) {
    case 'sent':
      return { state: 'sent' };
    case 'unknown':
      return { state: 'unknown', reason: delivery.reason };
    case 'refused':
      return { state: 'dead', reason: delivery.reason };
    case 'later':
      return now - mail.plannedAt > giveUpAfter * 1000
        ? { state: 'dead', reason: `given up after four days: ${delivery.reason}` }
        : { state: 'failed', reason: delivery.reason, retryInSeconds: backoff(mail.attempt) };
  }
}

const backoff = (attempt: number): number => Math.min(firstRetry * 2 ** (attempt - 1), longestRetry);

/** By number, not by address: whom a mail went to is in the ledger and need not be in the logs. */
function logOutcome(log: Logger, mail: PlannedMail, attempt: number, outcome: Outcome): void {
  const fields = { mail: mail.id, messageId: mail.messageId, attempt, todos: mail.total };
  if (outcome.state === 'sent') log.info(fields, 'mail sent');
  else log.warn({ ...fields, ...outcome }, 'mail not sent');
}
