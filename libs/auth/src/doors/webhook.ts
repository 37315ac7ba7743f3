import type { IncomingMessage } from 'node:http';
import { internalError, ProblemError } from '#gatehouse/platform';
import type { Authenticator } from '../build-authenticator.js';
import { type EventOutcome, maxEventBytes } from '../revocation/received.js';
import { occurrences } from './node/facts.js';

/** The path to which FusionAuth sends its events; part of the webhook's URL. */
export const webhookPath = '/webhooks/fusionauth';

export const signatureHeader = 'X-FusionAuth-Signature-JWT';

/**
 * Takes an event of FusionAuth from a request with an unread body: the signature is over its bytes, so a parser must
 * not read them first. Resolves with the problem to send, or undefined for 200 with an empty body. Nothing that a
 * sender does causes a status of 500 or above.
 */
export const answerToEvent = (
  authenticator: Authenticator,
  message: IncomingMessage,
): Promise<ProblemError | undefined> =>
  receive(authenticator, message).catch((error: unknown) =>
    error instanceof ProblemError ? error : internalError(error),
  );

async function receive(
  authenticator: Authenticator,
  message: IncomingMessage,
): Promise<ProblemError | undefined> {
  if (!authenticator.receiveWebhook) {
    throw new ProblemError(
      404,
      'not_found',
      'This path is not in use, because REVOCATION is off. To receive events, set REVOCATION=push.',
    );
  }

  const [signature, ...others] = occurrences(message.rawHeaders, signatureHeader.toLowerCase());
  if (others.length > 0)
    throw new ProblemError(400, 'invalid_request', `Send ${signatureHeader} once, not several times.`);

  if ((message.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new ProblemError(415, 'unsupported_media_type', 'Send the body without a Content-Encoding.', {
      headers: { 'Accept-Encoding': 'identity' },
    });
  }

  return refusalOf(await authenticator.receiveWebhook(signature, () => readBody(message)));
}

/** Reads the body as {@link ReadBody} requires; stops reading as soon as it is too large. */
function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  if (message.readableDidRead) {
    const problem =
      'a parser has read the body of the webhook: mount the webhook handler before any body parser';
    return Promise.reject(new Error(problem));
  }
  if (message.destroyed) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const whole = () => resolve(Buffer.concat(chunks, length));
    const cut = () => resolve(undefined);
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= maxEventBytes) return;
      message.off('data', take).pause();
      whole();
    };
    message.on('data', take).once('end', whole).once('error', cut).once('close', cut);
  });
}

/**
 * Returns the problem for an outcome; undefined for 200. Where the body is not read, the connection is closed. A bad
 * signature is 403: 401 requires a challenge (RFC 9110 section 15.5.2), and no scheme covers a signature. FusionAuth
 * treats any answer but 2xx as a failure.
 */
function refusalOf(outcome: EventOutcome): ProblemError | undefined {
  switch (outcome) {
    case 'forged':
      return new ProblemError(
        403,
        'invalid_signature',
        `${signatureHeader} is not a valid signature of these bytes by the key of WEBHOOK_KEY_ID.`,
        { headers: { Connection: 'close' } },
      );
    case 'malformed':
      return new ProblemError(400, 'invalid_request', 'The body is not a FusionAuth event.');
    case 'from_the_future':
      return new ProblemError(
        400,
        'invalid_request',
        'The event is more than a minute in the future: synchronise the clocks of FusionAuth and this API.',
      );
    case 'too_large':
      return new ProblemError(413, 'body_too_large', `The event is larger than ${maxEventBytes} bytes.`, {
        headers: { Connection: 'close' },
      });
    case 'unavailable':
      return new ProblemError(
        503,
        'event_not_stored',
        'The event could not be verified or stored. Send it again.',
        { headers: { 'Retry-After': '2' } },
      );
    default:
      return undefined;
  }
}
