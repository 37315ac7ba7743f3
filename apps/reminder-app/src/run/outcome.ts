import type { Outcome } from '../ledger/ledger.js';
import type { Delivery } from '../mail/mailer.js';

const firstRetrySeconds = 60;
const maxRetrySeconds = 15 * 60;
/**
 * When a mail is given up: after both this time (RFC 5321 section 4.5.4.1 requires at least four days) and this
 * number of attempts, so that days without attempts do not count against it.
 */
const giveUpAfter = { seconds: 4 * 24 * 3600, attempts: 20 };

/** Returns the next state of a mail after the attempt with that number; `now` in milliseconds since the epoch. */
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
      // This says nothing about the mail: faults of the server neither use up its attempts nor lengthen its wait.
      if (delivery.serverDown) {
        return {
          state: 'failed',
          reason: delivery.reason,
          retryInSeconds: firstRetrySeconds,
          ofServer: true,
        };
      }
      return now - mail.plannedAt > giveUpAfter.seconds * 1000 && mail.attempt >= giveUpAfter.attempts
        ? { state: 'dead', reason: `given up after four days: ${delivery.reason}` }
        : { state: 'failed', reason: delivery.reason, retryInSeconds: backoffSeconds(mail.attempt) };
  }
}

const backoffSeconds = (attempt: number): number =>
  Math.min(firstRetrySeconds * 2 ** (attempt - 1), maxRetrySeconds);
