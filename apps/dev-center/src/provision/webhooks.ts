import { FusionAuthRefusedUs } from '#gatehouse/fusionauth';
import type { Json } from '#gatehouse/fusionauth/control';
import type { DevCenterConfig } from '../config.js';
import { difference } from './difference.js';
import { type Part, part, patched, type SetUp, without } from './parts.js';
import { eventsOf } from './wanted.js';

/** The facts about events that the Todo API and an operator need after the set-up. */
export interface WebhookFacts {
  /** Settings of the Todo API, by name: WEBHOOK_KEY_ID, if the key may be read. */
  readonly settings: Readonly<Record<string, string>>;
  /**
   * The transaction type of each event that the tenant sends: how many receivers must succeed before FusionAuth
   * stores the change.
   */
  readonly transactions: Readonly<Record<string, string>>;
}

interface EventSwitch {
  readonly enabled?: boolean;
  readonly transactionType?: string;
}

/** The transaction type of an event that nobody has configured: it is sent once, without waiting for an answer. */
const undecided = 'None';

/** Returns the events that a tenant sends, or could send. */
export const eventSwitches = (tenant: Json | undefined): Readonly<Record<string, EventSwitch>> =>
  (tenant?.['eventConfiguration'] as { events?: Record<string, EventSwitch> } | undefined)?.events ?? {};

/**
 * The event switches of the tenant. The transaction type of an event is the operator's decision, and is not changed.
 */
export const eventsPart = ({ wanted, control: { setup } }: SetUp): Part => ({
  name: 'events',
  async look() {
    const found = eventSwitches(await setup.tenant.read());
    const off = eventsOf(wanted.tenant).filter((event) => found[event]?.enabled !== true);
    if (off.length === 0) return [];
    const switched = (event: string) => ({ transactionType: undecided, ...found[event], enabled: true });
    const events = Object.fromEntries(off.map((event) => [event, switched(event)]));
    const names = off.join(', ');
    return [
      {
        text: `of the tenant are off: ${names}`,
        done: `switched on for the tenant: ${names}`,
        apply: () => setup.tenant.change({ eventConfiguration: { events } }),
      },
    ];
  },
});

/**
 * Returns the webhook, if one is wanted. Its three settings must agree: events on, the tenant among its tenants,
 * signed by the key.
 */
export function webhookParts({ wanted, config, control: { setup } }: SetUp): Part[] {
  if (!wanted.webhook) return [];
  const { id, value } = wanted.webhook;
  const compare = (found: Json) => {
    if (isForAnotherTenant(found, config)) {
      return [
        {
          text: `${id} belongs to another tenant: create one for this tenant in Settings, Webhooks, and unset WEBHOOK_URL`,
        },
      ];
    }
    const others = found['global'] === true ? ['tenantIds'] : [];
    const compared = without(value, 'description', 'connectTimeout', 'readTimeout', ...others);
    return patched(setup.webhook(id), difference(found, compared));
  };
  return [part('webhook', setup.webhook(id), value, compare)];
}

/** Tells whether a webhook is for other tenants only. One without tenants may be for any. */
export function isForAnotherTenant(
  { global: everywhere, tenantIds = [] }: { readonly global?: unknown; readonly tenantIds?: unknown } & Json,
  { FUSIONAUTH_TENANT_ID: ours }: DevCenterConfig,
): boolean {
  const tenants = tenantIds as readonly string[];
  return everywhere !== true && tenants.length > 0 && !tenants.includes(ours);
}

/** Reads the current facts. */
export async function webhookFacts({ wanted, control: { setup } }: SetUp): Promise<WebhookFacts> {
  const [tenant, key] = await Promise.all([
    setup.tenant.read(),
    setup.signingKey(wanted.webhookKey.id).read().catch(ifRefused),
  ]);
  const found = eventSwitches(tenant);
  // The tenant's setting for user.action is ignored: each action has its own transaction type.
  const on = eventsOf(wanted.tenant).filter((event) => event !== 'user.action' && found[event]?.enabled);
  return {
    settings: typeof key?.['kid'] === 'string' ? { WEBHOOK_KEY_ID: key['kid'] } : {},
    transactions: Object.fromEntries(on.map((event) => [event, found[event]?.transactionType ?? undecided])),
  };
}

/** Returns undefined for a refusal, because a key of one tenant may not read it. */
function ifRefused(error: unknown): undefined {
  if (error instanceof FusionAuthRefusedUs) return undefined;
  throw error;
}
