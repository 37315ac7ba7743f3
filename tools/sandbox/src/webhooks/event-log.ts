import { randomUUID } from 'node:crypto';
import type { Instance } from '../instance.js';
import type { WebhookEventLogRecord, WebhookRecord } from '../state/state.js';
import type { Event, WebhookCallResponse } from '../wire.js';
import type { EventType } from './events.js';
import { isSuccess } from './post.js';

type SentEvent = Event & { type: EventType; createInstant: number; linkedObjectId?: string | undefined };

/** FusionAuth stores all. */
const maximumEvents = 500;

/** Logs an event that is about to be sent; the oldest one is deleted. */
export function enterEvent(instance: Instance, event: SentEvent) {
  const { webhookEventLogs } = instance.state;
  const record: WebhookEventLogRecord = {
    id: randomUUID(),
    event: { event },
    eventResult: 'Running',
    eventType: event.type,
    linkedObjectId: event.linkedObjectId,
    insertInstant: event.createInstant,
    lastUpdateInstant: event.createInstant,
    sequence: ([...webhookEventLogs.values()].at(-1)?.sequence ?? 0) + 1,
    failedAttempts: 0,
    successfulAttempts: 0,
    attempts: [],
  };
  webhookEventLogs.set(record.id, record);
  const [oldest] = webhookEventLogs.keys();
  if (webhookEventLogs.size > maximumEvents && oldest !== undefined) webhookEventLogs.delete(oldest);
  return record;
}

/** Adds an attempt, started at `startInstant`, to its event. */
export function enterAttempt(
  instance: Instance,
  record: WebhookEventLogRecord,
  { id: webhookId }: WebhookRecord,
  startInstant: number,
  webhookCallResponse: WebhookCallResponse,
): void {
  const success = isSuccess(webhookCallResponse);
  const endInstant = instance.now();
  const attemptResult = success ? 'Success' : 'Failure';
  const about = { id: randomUUID(), webhookEventLogId: record.id, webhookId };
  record.attempts.push({ ...about, startInstant, endInstant, attemptResult, webhookCallResponse });
  if (success) record.successfulAttempts += 1;
  else record.failedAttempts += 1;
  record.lastAttemptInstant = record.lastUpdateInstant = endInstant;
}
