import { databaseUnavailable } from '#gatehouse/database';
import type { Logger, Pause } from '#gatehouse/platform';
import { leaseSeconds, type Ledger, type Outcome } from '../ledger/ledger.js';
import type { PlannedMail } from '../mail/digest.js';
import type { Mailer } from '../mail/mailer.js';
import { type MessageParts, writeMessage } from '../mail/message.js';
import type { TodoClient } from '../todos/todo-client.js';
import type { Checkpoint } from './checkpoint.js';
import { Confirmation } from './confirm.js';
import { outcomeOf } from './outcome.js';
import type { RunProgress } from './run-progress.js';

/** Pauses in milliseconds before each retry of recording an outcome; a lease is longer than all of them together. */
const settlePausesMs = [1_000, 2_000, 4_000, 8_000];
const leaseMs = leaseSeconds * 1_000;
/** The number of mails held at a time: few enough to be sent soon after their todos were checked. */
const batchSize = 25;

export interface DeliveryParts {
  readonly ledger: Pick<Ledger, 'hold' | 'drop' | 'begin' | 'renew' | 'settle' | 'release'>;
  readonly todos: Pick<TodoClient, 'open'>;
  readonly mailer: Mailer;
  readonly message: MessageParts;
  /** Returns the current instant, by the clock that the workers share. */
  readonly now: () => Promise<number>;
  readonly pause: Pause;
  readonly log: Logger;
  readonly checkpoint: Checkpoint;
  readonly progress: RunProgress;
  /** Called for each mail that was sent. */
  readonly onSent: () => void;
}

interface DeliveryOptions {
  readonly signal: AbortSignal;
  /** Whether the Todo API is known to be unavailable: the mails go out as planned. */
  readonly isApiDown?: boolean;
}

export interface DeliveryReport {
  readonly sent: number;
  readonly dead: number;
  /** Todos that were finished, deleted or rescheduled since they were planned. */
  readonly dropped: number;
}

/**
 * Sends planned mails, one after the other, until none is due, the mail server is down, or the signal aborts; held
 * mails are then released immediately, and the mail in progress is finished.
 */
export async function deliverPlanned(
  parts: DeliveryParts,
  { signal, isApiDown }: DeliveryOptions,
): Promise<DeliveryReport> {
  const confirmation = new Confirmation(parts, isApiDown);
  const counts = { sent: 0, dead: 0 };
  const release = () =>
    parts.ledger.release().catch((error: unknown) => {
      parts.log.warn(
        { err: error },
        'mails were not released; other workers get them when the lease expires',
      );
    });
  const stop = () => void release();
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      const staleAt = performance.now() + leaseMs;
      const held = await parts.ledger.hold(batchSize);
      if (held.length === 0) break;
      await parts.checkpoint('after-hold');
      const mails = await confirmation.stillDue(held, signal);
      const end = await sendAll(mails, parts, counts, { signal, staleAt });
      if (end === 'server-down') break;
      if (end === 'stale') await release();
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

/** Sends a batch until `staleAt`, at least one mail; the remaining ones must be held and confirmed again. */
async function sendAll(
  mails: readonly PlannedMail[],
  parts: DeliveryParts,
  counts: { sent: number; dead: number },
  { signal, staleAt }: { readonly signal: AbortSignal; readonly staleAt: number },
): Promise<'server-down' | 'stale' | undefined> {
  for (const mail of mails) {
    if (signal.aborted) return undefined;
    const result = await sendOne(mail, parts, signal);
    if (result?.outcome.state === 'sent') {
      counts.sent++;
      parts.onSent();
      parts.progress.sent(counts.sent);
    }
    if (result?.outcome.state === 'dead') counts.dead++;
    if (result?.delivery.kind === 'later' && result.delivery.serverDown) {
      logServerDown(parts.log, result.delivery.reason, signal);
      return 'server-down';
    }
    if (performance.now() > staleAt) return 'stale';
  }
  return undefined;
}

/** Sends one mail; undefined if it was no longer ours to send. */
async function sendOne(mail: PlannedMail, parts: DeliveryParts, signal: AbortSignal) {
  const attempt = await parts.ledger.begin(mail.id);
  if (attempt === undefined) return undefined;
  const now = await parts.now();
  const message = await writeMessage(mail, now, parts.message);
  await parts.checkpoint('before-send');
  const delivery = await whileRenewed(parts, mail.id, attempt.number, () =>
    parts.mailer.deliver(message, signal),
  );
  await parts.checkpoint('after-send-before-mark');
  const outcome = outcomeOf(delivery, { attempt: attempt.counted, plannedAt: mail.plannedAt }, now);
  await settle(mail.id, attempt.number, outcome, parts);
  await parts.checkpoint('after-mark');
  logOutcome(parts.log, mail, attempt.number, outcome);
  return { delivery, outcome };
}

/**
 * Renews the lease during `work`, because a mail server may take longer than a lease, which is short so that the
 * mails of a dead worker are settled soon.
 */
async function whileRenewed<T>(
  { ledger, log }: DeliveryParts,
  id: number,
  attempt: number,
  work: () => Promise<T>,
): Promise<T> {
  let renewal = Promise.resolve();
  const timer = setInterval(() => {
    renewal = ledger.renew(id, attempt).catch((error: unknown) => {
      log.warn({ mail: id, reason: (error as Error).message }, 'a lease was not renewed; retrying');
    });
  }, leaseMs / 6);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await renewal;
  }
}

/**
 * Records an outcome, with retries, so that a brief outage of the database does not turn a known outcome into an
 * unknown one.
 */
async function settle(id: number, attempt: number, outcome: Outcome, parts: DeliveryParts): Promise<void> {
  for (const pauseMs of settlePausesMs) {
    try {
      return await parts.ledger.settle(id, attempt, outcome);
    } catch (error) {
      if (!databaseUnavailable(error)) throw error;
      parts.log.warn({ mail: id, reason: (error as Error).message }, 'an outcome was not recorded; retrying');
      await parts.pause(pauseMs);
    }
  }
  await parts.ledger.settle(id, attempt, outcome);
}

/** Alerts the operator: no mail goes out until somebody repairs the server, or it recovers by itself. */
function logServerDown(log: Logger, reason: string, { aborted }: AbortSignal): void {
  if (aborted) return;
  log.error(
    { alarm: 'mail_server', reason },
    'sending stops until the next run: the mail server accepts no mail',
  );
}

/**
 * Logs an outcome by the mail's number, not its address: the recipient is in the ledger and need not be in the logs.
 */
function logOutcome(log: Logger, mail: PlannedMail, attempt: number, outcome: Outcome): void {
  const fields = { mail: mail.id, messageId: mail.messageId, attempt, todos: mail.total };
  if (outcome.state === 'sent') log.info(fields, 'mail sent');
  else log.warn({ ...fields, ...outcome }, 'mail not sent');
}
