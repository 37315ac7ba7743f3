import type { Json } from '#gatehouse/fusionauth/control';
import { type Check, fine, open, wrong } from './check.js';

const name = 'webhooks';
/** What tells that access has ended. */
const telling = ['jwt.refresh-token.revoke', 'user.action', 'user.deactivate', 'user.delete'];

/** An event is sent only where two switches are on, one at the tenant and one at the webhook. */
export function checkWebhooks(tenant: Json, webhooks: readonly Json[]): Check {
  if (webhooks.length === 0) {
    return open(
      name,
      'there is none: locks and log-outs are noticed when FusionAuth is asked, or a token expires',
    );
  }
  const byTenant = switches((tenant['eventConfiguration'] as Json | undefined)?.['events']);
  const byWebhook = webhooks.flatMap(({ eventsEnabled }) => switches(eventsEnabled));
  const oneSided = telling.filter((event) => byTenant.includes(event) !== byWebhook.includes(event));
  if (oneSided.length === 0) return fine(name);
  const where = oneSided.map((event) =>
    byTenant.includes(event) ? `${event} (off at the webhook)` : `${event} (off at the tenant)`,
  );
  return wrong(name, `these are never sent, for one of two switches is off: ${where.join(', ')}`);
}

/** The events that are on, as `true` at a webhook and as `{enabled: true}` at a tenant. */
function switches(events: unknown): string[] {
  const entries = Object.entries((events ?? {}) as Record<string, boolean | { enabled?: boolean }>);
  return entries.filter(([, on]) => (typeof on === 'object' ? on.enabled : on)).map(([event]) => event);
}
