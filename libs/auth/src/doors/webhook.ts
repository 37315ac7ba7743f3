import type { IncomingMessage } from 'node:http';
import { internalError, ProblemError } from '#gatehouse/platform';
import type { Authenticator } from '../build-authenticator.js';
import { type EventOutcome, maxEventBytes } from '../revocation/received.js';
import { occurrences } from './node/facts.js';

/** Where FusionAuth sends its events: the path of the webhook's URL. */
export const webhookPath = '/webhooks/fusionauth';

export const signatureHeader = 'X-FusionAuth-Signature-JWT';

/**
 * Takes an event of FusionAuth from a request whose body nobody has read: the signature is over its bytes, so they must
 * not come through a parser. Resolves with what to answer: undefined for 200 with an empty body. Nothing that a sender
 * does is answered 500 or above.
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
  if (!authenticator.receiveWebhook)
    throw new ProblemError(404, 'not_found', 'There is nothing at this path: REVOCATION is off.');

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

/** As {@link ReadBody} asks; one that is too large is read no further than where it shows. */
function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  if (message.readableDidRead) {
    const problem = 'a parser has read the body of the webhook: mount what takes webhooks before any parser';
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
 * Undefined for what needs no other answer than 200. A body that is not wanted is not waited for: the connection is
 * closed. A bad signature is 403: 401 demands a challenge (RFC 9110 section
 * 15.5.2), and no scheme asks for a signature. FusionAuth takes any answer but 2xx as a failure.
 */
function refusalOf(outcome: EventOutcome): ProblemError | undefined {
  switch (outcome) {
    case 'forged':
      return new ProblemError(
        403,
        'invalid_signature',
        `${signatureHeader} does not show that FusionAuth sent these bytes with the key of WEBHOOK_KEY_ID.`,
        { headers: { Connection: 'close' } },
      );
    case 'malformed':
      return new ProblemError(400, 'invalid_request', 'The body is not an event of FusionAuth.');
    case 'from_the_future':
      return new ProblemError(
        400,
        'invalid_request',
        'The event is more than a minute ahead: set the clocks of FusionAuth and of this API.',
      );
    case 'too_large':
      return new ProblemError(413, 'body_too_large', `The event is larger than ${maxEventBytes} bytes.`, {
        headers: { Connection: 'close' },
      });
    case 'unavailable':
      return new ProblemError(
        503,
        'event_not_kept',
        'The event could not be checked or kept. Send it again.',
        {
          headers: { 'Retry-After': '2' },
        },
      );
    default:
      return undefined;
  }
}
