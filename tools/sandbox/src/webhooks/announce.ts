import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal, toJson } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { WebhookEventLogRecord, WebhookRecord } from '../state/state.js';
import type { ErrorsBody, EventInfo } from '../wire.js';
import type { Payload } from './courier.js';
import { enterAttempt, enterEvent } from './event-log.js';
import type { WebhookEvent } from './events.js';
import { isSuccess } from './post.js';
import { passes, receiversOf, transactionTypeOf } from './receivers.js';
import { signatureOf } from './signature.js';

/** The number of retries for a receiver after a transaction that passed without it. */
const maximumRetries = 3;

/**
 * Sends the events of a change one after the other, and then makes the change with `commit`. Until then nobody sees the
 * change, and a receiver may get an event for a change that is never made. `request` is the request that caused it.
 * Under the transaction type `None` nothing waits for an answer. Under any other this throws 504, without committing,
 * when too few receivers accepted the event.
 */
export async function announce<Result>(
  instance: Instance,
  events: readonly WebhookEvent[],
  commit: () => Result,
  request?: ApiRequest,
): Promise<Result> {
  const subscribed = events.filter((event) => receiversOf(instance.state, event).length > 0);
  const { signal, commitAfterMs } = instance.courier;
  for (const event of subscribed) {
    const passed = send(instance, event, request);
    if (transactionTypeOf(instance.state, event) !== 'None' && !(await passed)) throw refused();
    if (signal.aborted) throw refused();
  }
  if (subscribed.length > 0 && commitAfterMs > 0) {
    await sleep(commitAfterMs, undefined, { signal }).catch(() => {
      throw refused();
    });
  }
  return commit();
}

const refused = () =>
  new Refusal({
    status: 504,
    body: {
      generalErrors: [
        {
          code: '[WebhookTransactionException]',
          message: 'One or more webhooks returned an invalid response or were unreachable.',
        },
      ],
    } satisfies ErrorsBody,
  });

/** Resolves with whether the transaction passed, never rejects; retries continue after that. */
function send(
  instance: Instance,
  announced: WebhookEvent,
  request: ApiRequest | undefined,
): Promise<boolean> {
  const { courier, state } = instance;
  const { type, tenantId, linkedObjectId, members } = announced;
  const common = { createInstant: instance.now(), id: randomUUID(), info: infoOf(request), tenantId, type };
  const event = { ...common, linkedObjectId, ...members };
  // Serialized now: the object of the event is about to change.
  const body = Buffer.from(toJson({ event }));
  const record = enterEvent(instance, (JSON.parse(body.toString()) as { event: typeof event }).event);
  const receivers = receiversOf(state, announced);
  const payload = { eventId: event.id, type, body };
  return courier.track(transact(instance, announced, receivers, payload, record));
}

/** Returns FusionAuth's description of the request behind an event; nothing for an event without one. */
function infoOf(request: ApiRequest | undefined): EventInfo | undefined {
  if (!request) return undefined;
  const [address = '127.0.0.1'] = request.headers['x-forwarded-for']?.split(',') ?? [];
  return { ipAddress: address.trim(), userAgent: request.headers['user-agent'] };
}

async function transact(
  instance: Instance,
  event: WebhookEvent,
  receivers: readonly WebhookRecord[],
  payload: Payload,
  record: WebhookEventLogRecord,
): Promise<boolean> {
  const { signal } = instance.courier;
  const type = transactionTypeOf(instance.state, event);
  const attempt = async (webhook: WebhookRecord) => {
    const start = instance.now();
    const signature = () => signatureOf(instance, webhook, payload.body);
    const answer = await instance.courier.deliver(webhook, payload, signature, signal);
    enterAttempt(instance, record, webhook, start, answer);
    instance.changed();
    return isSuccess(answer);
  };
  const accepted = await Promise.all(receivers.map(attempt));
  const passed = passes(type, accepted.filter(Boolean).length, receivers.length);
  record.eventResult = passed ? 'Succeeded' : 'Failed';
  const failed = receivers.filter((_webhook, index) => !accepted[index]);
  const retry = async (webhook: WebhookRecord) => {
    for (let time = 1; time <= maximumRetries; time += 1)
      if (signal.aborted || (await attempt(webhook))) return;
    instance.log.warn(
      { webhookId: webhook.id, eventId: payload.eventId },
      'a webhook accepted an event at none of the attempts',
    );
  };
  if (passed && type !== 'None') void instance.courier.track(Promise.all(failed.map(retry)));
  return passed;
}
