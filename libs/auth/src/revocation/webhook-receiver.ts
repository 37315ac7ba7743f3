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

/** The texts beside those of a signature. Nothing of a body is ever logged. */
const faults = {
  ...signatureFaults,
  'cut-short': 'its connection was closed before its body had arrived',
  'too-large': `it is longer than ${maxEventBytes} bytes: if it is FusionAuth’s, shorten the data of its users`,
  'not-an-event': 'it is signed by FusionAuth, but is not an event or lacks what an event of its type has',
  'from-the-future':
    'its createInstant is more than a minute ahead: synchronise FusionAuth and this machine by NTP',
} as const;

/**
 * Returns the function that takes webhooks: signature, size, JSON, event, in this order, so that a stranger's body is not
 * even read. It never rejects. `unavailable` only where the key set or the memory of revocations cannot be had; a sender
 * cannot cause it.
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
      log.error({ err: error, event: 'webhook' }, 'an event of FusionAuth could not be recorded');
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
