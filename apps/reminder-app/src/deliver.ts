import { databaseUnavailable } from '#gatehouse/database';
import type { Logger, Pause } from '#gatehouse/platform';
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
/**
 * A mail is given up after so many seconds, of which RFC 5321 section 4.5.4.1 asks for four days at least, and so many
 * attempts: days in which nobody tried do not count against it.
 */
const giveUpAfter = { seconds: 4 * 24 * 3600, attempts: 20 };
/** Milliseconds to wait for a database that cannot take down an outcome, once for each; a lease is longer than all. */
const settlePauses = [1_000, 2_000, 4_000, 8_000];
/** Mails held at a time: few enough to be sent soon after their todos were asked for. */
const batch = 25;

export interface DeliveryParts {
  readonly ledger: Pick<Ledger, 'hold' | 'drop' | 'begin' | 'settle' | 'release'>;
  readonly todos: Pick<TodoClient, 'open'>;
  readonly mailer: Mailer;
  readonly message: MessageParts;
  /** The present instant, by the clock that the workers share. */
  readonly now: () => Promise<number>;
  readonly pause: Pause;
  readonly log: Logger;
  readonly checkpoint: Checkpoint;
  readonly progress: RunProgress;
  /** Called for each mail that was sent. */
  readonly onSent: () => void;
}

export interface DeliveryOptions {
  readonly signal: AbortSignal;
  /** The Todo API is known not to answer: the mails go out as they were planned. */
  readonly unasked?: boolean;
  /** The instant to write the mails at instead of the present; milliseconds since the epoch. */
  readonly at?: number | undefined;
}

export interface DeliveryReport {
  readonly sent: number;
  readonly dead: number;
  /** Todos that were finished, deleted or moved since they were planned. */
  readonly dropped: number;
}

/**
 * Sends what is planned, one mail after the other, until nothing is due, the mail server is down, or the signal asks to
 * stop; what is held is then released at once, and the mail in hand finished.
 */
export async function deliverPlanned(
  parts: DeliveryParts,
  { signal, unasked, at }: DeliveryOptions,
): Promise<DeliveryReport> {
  const confirmation = new Confirmation(parts, unasked);
  const counts = { sent: 0, dead: 0 };
  const release = () =>
    parts.ledger.release().catch((error: unknown) => {
      parts.log.warn({ err: error }, 'mails were not released; others get them when the lease runs out');
    });
  const stop = () => void release();
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      const held = await parts.ledger.hold(batch);
      if (held.length === 0) break;
      await parts.checkpoint('after-hold');
      const mails = await confirmation.stillDue(held, signal);
      if ((await sendAll(mails, parts, counts, { signal, at })) === 'server down') break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await release();
    await parts.mailer.rest();
  }
  return { ...counts, dropped: confirmation.dropped };
}

async function sendAll(
  mails: readonly PlannedMail[],
  parts: DeliveryParts,
  counts: { sent: number; dead: number },
  { signal, at }: DeliveryOptions,
): Promise<'server down' | undefined> {
  for (const mail of mails) {
    if (signal.aborted) return undefined;
    const result = await sendOne(mail, parts, at);
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
async function sendOne(mail: PlannedMail, parts: DeliveryParts, at: number | undefined) {
  const attempt = await parts.ledger.begin(mail.id);
  if (attempt === undefined) return undefined;
  const now = await parts.now();
  const message = await writeMessage(mail, at ?? now, parts.message);
  await parts.checkpoint('before-send');
  const delivery = await parts.mailer.deliver(message);
  await parts.checkpoint('after-send-before-mark');
  const outcome = outcomeOf(delivery, { attempt, plannedAt: mail.plannedAt }, now);
  await settle(mail.id, attempt, outcome, parts);
  await parts.checkpoint('after-mark');
  logOutcome(parts.log, mail, attempt, outcome);
  return { delivery, outcome };
}

/** A database that blinks must not turn a mail of known fate into one of unknown fate. */
async function settle(id: number, attempt: number, outcome: Outcome, parts: DeliveryParts): Promise<void> {
  for (const milliseconds of settlePauses) {
    try {
      return await parts.ledger.settle(id, attempt, outcome);
    } catch (error) {
      if (!databaseUnavailable(error)) throw error;
      parts.log.warn(
        { mail: id, reason: (error as Error).message },
        'an outcome was not recorded; trying again',
      );
      await parts.pause(milliseconds);
    }
  }
  await parts.ledger.settle(id, attempt, outcome);
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
      return now - mail.plannedAt > giveUpAfter.seconds * 1000 && mail.attempt >= giveUpAfter.attempts
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
