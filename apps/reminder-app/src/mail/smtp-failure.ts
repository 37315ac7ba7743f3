import type { Delivery } from './mailer.js';

/**
 * An error as nodemailer reports it: `code` is the step that failed, `responseCode` the server's reply if there was
 * one, `command` the command that it replied to.
 */
export interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

type Failed = Exclude<Delivery, { kind: 'sent' }>;

/** Steps within a mail transaction; a refusal anywhere else (greeting, TLS, log-in) is not about this mail. */
const stepsOfMail = new Set(['EENVELOPE', 'EMESSAGE']);
/**
 * Closing, out of sequence (RFC 5321 section 4.2.3), log-in required (RFC 4954 section 6): replies that any mail
 * would get.
 */
const repliesOfSession = new Set([421, 503, 530]);
/**
 * The reply to a MAIL command that is about this mail: MAIL states the sender, who is the same for every mail, and
 * the size (RFC 1870 section 6.1).
 */
const tooLarge = 552;

/**
 * Returns the consequence of a fault for the mail. `handedOver`: the whole body and its final dot were written.
 * A reply decides (RFC 5321 section 4.2.1): 4yz is worth another attempt, 5yz is not, unless it is about the
 * session or the sender. Without a reply the server may have taken a mail that was handed over, and is
 * certain not to have taken one that was not.
 */
export function deliveryFailure(error: SmtpError, handedOver: boolean): Failed {
  const { code = '', command, responseCode: reply } = error;
  const reason = reasonOf(error);
  if (reply !== undefined && reply >= 400) {
    if (repliesOfSession.has(reply) || !stepsOfMail.has(code))
      return { kind: 'later', reason, serverDown: true };
    if (command === 'MAIL FROM' && reply !== tooLarge) {
      return {
        kind: 'later',
        reason: `the server accepts no mail from this sender: ${reason}`,
        serverDown: true,
      };
    }
    return reply < 500 ? { kind: 'later', reason, serverDown: false } : { kind: 'refused', reason };
  }
  // nodemailer's own refusal, before anything was sent: too large for the server, or no valid address.
  if (stepsOfMail.has(code)) return { kind: 'refused', reason };
  if (handedOver) return { kind: 'unknown', reason: `no reply to the final dot: ${reason}` };
  return { kind: 'later', reason, serverDown: true };
}

/** Returns one printable line of bounded length, because replies are text of a foreign server. */
function reasonOf({ response, message, code }: SmtpError): string {
  const text = (response ?? `${message}${code === undefined ? '' : ` (${code})`}`).replace(
    /[^\x20-\x7e]+/g,
    ' ',
  );
  return text.trim().slice(0, 200);
}
