import { z } from 'zod';
import { namedTenant } from '../access/tenant.js';
import { type Answer, ok } from '../answer.js';
import { check, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { byId, requireRecord } from '../records.js';
import type { WebhookEventLogRecord } from '../state/state.js';
import type { WebhookAttemptLogBody, WebhookEventLogBody, WebhookEventLogSearchBody } from '../wire.js';
import { operation, operationsOn } from './operation.js';

const whole = z.coerce.number().int().min(0);
const columns = [
  'eventResult',
  'eventType',
  'insertInstant',
  'lastAttemptInstant',
  'lastUpdateInstant',
  'sequence',
] as const;

const search = z.looseObject({
  eventResult: z.enum(['Failed', 'Running', 'Succeeded']).optional(),
  eventType: z.string().optional(),
  /** Part of the event's text. */
  event: z.string().optional(),
  /** The bounds of the event's time in milliseconds, both inclusive. */
  start: whole.optional(),
  end: whole.optional(),
  numberOfResults: whole.default(25),
  startRow: whole.default(0),
  orderBy: z
    .templateLiteral([z.enum(columns), z.enum([' ASC', ' DESC', ' asc', ' desc', ''])])
    .default('insertInstant DESC'),
});
type Search = z.output<typeof search>;

/** `POST` and `GET /api/system/webhook-event-log/search`: newest first unless `orderBy` says otherwise. */
function searchEventLogs(request: ApiRequest, instance: Instance): Answer {
  const wanted =
    request.json === undefined
      ? check(search, Object.fromEntries(request.query))
      : readBody(request, z.looseObject({ search: search.prefault({}) })).search;
  const found = seenLogs(request, instance).filter((log) => matches(log, wanted));
  const { startRow, numberOfResults } = wanted;
  const webhookEventLogs = found.sort(ordering(wanted)).slice(startRow, startRow + numberOfResults);
  return ok({ total: found.length, webhookEventLogs } satisfies WebhookEventLogSearchBody);
}

/** Returns the events that the request may see: those of the tenant that it names, else all. */
function seenLogs(request: ApiRequest, instance: Instance): WebhookEventLogRecord[] {
  const tenantId = namedTenant(request, instance);
  return [...instance.state.webhookEventLogs.values()].filter(
    ({ event }) => tenantId === undefined || event?.event?.tenantId === tenantId,
  );
}

function matches(log: WebhookEventLogRecord, { eventResult, eventType, event, start, end }: Search): boolean {
  return (
    (eventResult ?? log.eventResult) === log.eventResult &&
    (eventType ?? log.eventType) === log.eventType &&
    (event === undefined || JSON.stringify(log.event).includes(event)) &&
    log.insertInstant >= (start ?? 0) &&
    log.insertInstant <= (end ?? Infinity)
  );
}

/** Returns a comparison by `orderBy`; equal events keep the order in which they were made, or the reverse. */
function ordering({ orderBy }: Search) {
  const [column, direction = 'asc'] = orderBy.split(' ') as [(typeof columns)[number], string?];
  const sign = direction.toLowerCase() === 'asc' ? 1 : -1;
  return (left: WebhookEventLogRecord, right: WebhookEventLogRecord): number => {
    const [one, other] = [left[column] ?? 0, right[column] ?? 0];
    return sign * (one === other ? left.sequence - right.sequence : one < other ? -1 : 1);
  };
}

/** `GET /api/system/webhook-event-log/{webhookEventLogId}`. */
function retrieveEventLog(request: ApiRequest, instance: Instance): Answer {
  const webhookEventLog = requireRecord(request, 'webhookEventLogId', byId(seenLogs(request, instance)));
  return ok({ webhookEventLog } satisfies WebhookEventLogBody);
}

/** `GET /api/system/webhook-attempt-log/{webhookAttemptLogId}`. */
function retrieveAttemptLog(request: ApiRequest, instance: Instance): Answer {
  const attempts = seenLogs(request, instance).flatMap((log) => log.attempts);
  const webhookAttemptLog = requireRecord(request, 'webhookAttemptLogId', byId(attempts));
  return ok({ webhookAttemptLog } satisfies WebhookAttemptLogBody);
}

export const eventLogOperations = [
  ...operationsOn('/api/system/webhook-event-log', 'webhookEventLogId', 'api-key', {
    search: searchEventLogs,
    retrieveOne: retrieveEventLog,
  }),
  operation('GET', '/api/system/webhook-attempt-log/:webhookAttemptLogId', 'api-key', retrieveAttemptLog),
];
