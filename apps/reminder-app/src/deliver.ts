import type { Clock, Logger } from '#gatehouse/platform';
import type { Checkpoint } from './checkpoint.js';
import type { ClaimedMail, Ledger, Outcome } from './ledger.js';
import type { Delivery, Mailer } from './mail/mailer.js';
import { writeMessage, type Sender } from './mail/message.js';

const firstRetry = 60;
const longestRetry = 15 * 60;
/** After these seconds of trying a mail is given up; RFC 5321 section 4.5.4.1 asks for four days at least. */
const giveUpAfter = 4 * 24 * 3600;

export interface DeliveryParts {
  readonly ledger: Ledger;
  readonly mailer: Mailer;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly log: Logger;
  readonly checkpoint: Checkpoint;
}

export interface DeliveryReport {
  readonly sent: number;
  readonly dead: number;
}

/**
 * Sends what is planned, one mail after the other, until nothing is due, the mail server is down, or `signal` asks to
 * stop; the mail in hand is always finished.
 */
export async function deliverPlanned(parts: DeliveryParts, signal: AbortSignal): Promise<DeliveryReport> {
  const report = { sent: 0, dead: 0 };
  try {
    while (!signal.aborted) {
      const mail = await parts.ledger.claim();
      if (!mail) break;
      await parts.checkpoint('after-claim');
      const delivery = await parts.mailer.deliver(await writeMessage(mail, parts.sender));
      await parts.checkpoint('after-send-before-mark');
      const outcome = outcomeOf(delivery, mail, parts.clock());
      await parts.ledger.settle(mail, outcome);
      logOutcome(parts.log, mail, outcome);
      if (outcome.state === 'sent') report.sent++;
      if (outcome.state === 'dead') report.dead++;
      if (delivery.kind === 'later' && delivery.serverDown) break;
    }
  } finally {
    await parts.mailer.rest();
  }
  return report;
}

/** The next state of a mail after an attempt; `now` in milliseconds since the epoch. */
export function outcomeOf(
  delivery: Delivery,
  mail: Pick<ClaimedMail, 'attempt' | 'plannedAt'>,
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
function logOutcome(log: Logger, mail: ClaimedMail, outcome: Outcome): void {
  const fields = {
    mail: mail.id,
    messageId: mail.messageId,
    attempt: mail.attempt,
    todos: mail.todos.length,
  };
  if (outcome.state === 'sent') log.info(fields, 'mail sent');
  else log.warn({ ...fields, ...outcome }, 'mail not sent');
}
