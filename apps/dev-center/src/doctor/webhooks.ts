import { FusionAuthRefusedUs } from '#gatehouse/fusionauth';
import type { Json } from '#gatehouse/fusionauth/control';
import { type FusionAuthContext, strongestControl } from '../context.js';
import { type Check, fine, open, wrong } from './check.js';

const name = 'webhooks';
/** The events that say that access has ended. */
const endingEvents = ['jwt.refresh-token.revoke', 'user.action', 'user.deactivate', 'user.delete'];

/** Whether the events are sent: that takes two switches, one at the tenant and one at the webhook. */
export async function checkWebhooks({ config }: FusionAuthContext): Promise<Check> {
  const { setup } = strongestControl(config);
  try {
    const [tenant, webhooks] = await Promise.all([setup.tenant.read(), setup.webhooks()]);
    return compareSwitches(tenant ?? {}, webhooks);
  } catch (error) {
    if (!(error instanceof FusionAuthRefusedUs)) throw error;
    return open(name, 'not looked at, since the key of one tenant may not');
  }
}

function compareSwitches(tenant: Json, webhooks: readonly Json[]): Check {
  if (webhooks.length === 0) {
    return open(
      name,
      'there is none: locks and log-outs are noticed when FusionAuth is asked, or a token expires',
    );
  }
  const byTenant = switches((tenant['eventConfiguration'] as Json | undefined)?.['events']);
  const byWebhook = webhooks.flatMap(({ eventsEnabled }) => switches(eventsEnabled));
  const oneSided = endingEvents.filter((event) => byTenant.includes(event) !== byWebhook.includes(event));
  if (oneSided.length === 0) return fine(name);
  const where = oneSided.map((event) =>
    byTenant.includes(event) ? `${event} (off at the webhook)` : `${event} (off at the tenant)`,
  );
  return wrong(name, `these are never sent, because one of two switches is off: ${where.join(', ')}`);
}

/** The events that are on, as `true` at a webhook and as `{enabled: true}` at a tenant. */
function switches(events: unknown): string[] {
  const entries = Object.entries((events ?? {}) as Record<string, boolean | { enabled?: boolean }>);
  return entries.filter(([, on]) => (typeof on === 'object' ? on.enabled : on)).map(([event]) => event);
}
