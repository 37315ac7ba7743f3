import { readWebhookEvent } from '#gatehouse/fusionauth';
import type { Clock, Logger } from '#gatehouse/platform';
import type { ApplyEvent } from './apply-event.js';
import { type EventOutcome, maxEventBytes, type ReadBody } from './received.js';
import { isOfBody, signatureFaults, verifySignature, type WebhookKey } from './webhook-signature.js';

export interface WebhookReceiverSettings {
  readonly key: WebhookKey;
  readonly apply: ApplyEvent;
  readonly clock: Clock;
  readonly log: Logger;
}

const repeatMs = 60_000;

/** The texts besides those about signatures. The content of a body is never logged. */
const faults = {
  ...signatureFaults,
  'cut-short': 'its connection was closed before its body had arrived',
  'too-large': `it is longer than ${maxEventBytes} bytes: if FusionAuth sent it, reduce the data of its users`,
  'not-an-event': 'it is signed by FusionAuth, but is not an event or lacks a member that its type requires',
  'from-the-future':
    'its createInstant is more than a minute in the future: synchronise FusionAuth and this machine by NTP',
} as const;

/**
 * Returns a function that handles webhooks. It checks signature, size, JSON and event, in this order, so that a
 * body of an unknown sender is not even read. It never rejects. The outcome is `unavailable` only if the key set or the
 * revocation memory is; a sender cannot cause it.
 */
export function webhookReceiver({ key, apply, clock, log }: WebhookReceiverSettings) {
  const saidAt = new Map<string, number>();
  const refuse = <Outcome extends EventOutcome>(fault: keyof typeof faults, outcome: Outcome): Outcome => {
    if (clock() - (saidAt.get(fault) ?? -Infinity) < repeatMs) return outcome;
    saidAt.set(fault, clock());
    log.warn({ event: 'webhook', fault }, `a webhook was refused: ${faults[fault]}`);
    return outcome;
  };
  const judge = async (signature: string | undefined, readBody: ReadBody): Promise<EventOutcome> => {
    const signed = await verifySignature(signature, key);
    if (signed === 'key-unavailable') return refuse(signed, 'unavailable');
    if (typeof signed === 'string') return refuse(signed, 'forged');
    const body = await readBody();
    if (body === undefined) return refuse('cut-short', 'malformed');
    if (body.length > maxEventBytes) return refuse('too-large', 'too_large');
    if (!isOfBody(signed, body)) return refuse('digest', 'forged');
    const event = readWebhookEvent(parse(body));
    if (event === undefined) return refuse('not-an-event', 'malformed');
    const outcome = await apply(event);
    return outcome === 'from_the_future' ? refuse('from-the-future', outcome) : outcome;
  };
  return async (signature: string | undefined, readBody: ReadBody): Promise<EventOutcome> => {
    try {
      return await judge(signature, readBody);
    } catch (error) {
      log.error({ err: error, event: 'webhook' }, 'a FusionAuth event could not be recorded');
      return 'unavailable';
    }
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
