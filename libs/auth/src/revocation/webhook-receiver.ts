import { readWebhookEvent } from '#gatehouse/fusionauth';
import type { Clock, Logger } from '#gatehouse/platform';
import type { ApplyEvent } from './apply-event.js';
import { type EventOutcome, maxEventBytes, type Received } from './received.js';
import { signatureFaults, type WebhookKey, webhookSignatureFault } from './webhook-signature.js';

export interface WebhookReceiverSettings {
  readonly key: WebhookKey;
  readonly apply: ApplyEvent;
  readonly clock: Clock;
  readonly log: Logger;
}

const repeatMs = 60_000;

const statuses: Readonly<Partial<Record<EventOutcome, Received['status']>>> = {
  forged: 403,
  malformed: 400,
  from_the_future: 400,
  too_large: 413,
  unavailable: 503,
};

/** The texts beside those of a signature. Nothing of a body is ever logged. */
const faults = {
  ...signatureFaults,
  'too-large': `it is longer than ${maxEventBytes} bytes: if it is FusionAuth’s, shorten the data of its users`,
  'not-an-event': 'it is signed by FusionAuth, and is no event or lacks what an event of its type has',
  'from-the-future':
    'its createInstant is more than a minute ahead: synchronise FusionAuth and this machine by NTP',
} as const;

/**
 * Returns the function that takes webhooks: size, signature, JSON, event, in this order, so that a stranger's body is not
 * even parsed. It never rejects. 503 only where the key set or the memory of revocations cannot be had; a sender cannot
 * cause it.
 */
export function webhookReceiver({ key, apply, clock, log }: WebhookReceiverSettings) {
  const saidAt = new Map<string, number>();
  const complain = (fault: keyof typeof faults): void => {
    if (clock() - (saidAt.get(fault) ?? -Infinity) < repeatMs) return;
    saidAt.set(fault, clock());
    log.warn({ event: 'webhook', fault }, `a webhook was refused: ${faults[fault]}`);
  };
  const judge = async (body: Buffer, signature: string | undefined): Promise<EventOutcome> => {
    if (body.length > maxEventBytes) {
      complain('too-large');
      return 'too_large';
    }
    const fault = await webhookSignatureFault(body, signature, key);
    if (fault !== undefined) {
      complain(fault);
      return fault === 'key-unavailable' ? 'unavailable' : 'forged';
    }
    const event = readWebhookEvent(parse(body));
    if (event === undefined) complain('not-an-event');
    const outcome = event === undefined ? 'malformed' : await apply(event);
    if (outcome === 'from_the_future') complain('from-the-future');
    return outcome;
  };
  return async (body: Buffer, signature: string | undefined): Promise<Received> => {
    try {
      return answer(await judge(body, signature));
    } catch (error) {
      log.error({ err: error, event: 'webhook' }, 'an event of FusionAuth could not be recorded');
      return answer('unavailable');
    }
  };
}

const answer = (outcome: EventOutcome): Received => ({ status: statuses[outcome] ?? 200, outcome });

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
