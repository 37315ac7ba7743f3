import type { State, WebhookRecord } from '../state/state.js';
import type { TransactionType } from '../wire.js';
import type { WebhookEvent } from './events.js';

/**
 * Returns the webhooks that get an event. Three settings must agree: the tenant's `eventConfiguration`, the webhook's
 * `eventsEnabled`, and the webhook being global or naming the tenant; one that is neither gets nothing.
 */
export function receiversOf(state: State, { type, tenantId }: WebhookEvent): WebhookRecord[] {
  if (!tenantEvent(state, tenantId, type)?.enabled) return [];
  return [...state.webhooks.values()].filter(
    ({ eventsEnabled, global, tenantIds }) =>
      eventsEnabled?.[type] && (global || tenantIds?.includes(tenantId)),
  );
}

/** Returns the rule that decides whether an event counts as delivered: the user action's, else the tenant's. */
export const transactionTypeOf = (
  state: State,
  { type, tenantId, transactionType }: WebhookEvent,
): TransactionType =>
  (type === 'user.action' ? transactionType : tenantEvent(state, tenantId, type)?.transactionType) ?? 'None';

const tenantEvent = ({ tenants }: State, tenantId: string, type: WebhookEvent['type']) =>
  tenants.get(tenantId)?.eventConfiguration?.events?.[type];

/** Returns whether `successes` among `receivers` are enough. */
export function passes(type: TransactionType, successes: number, receivers: number): boolean {
  const needed = {
    None: 0,
    Any: 1,
    SimpleMajority: receivers / 2,
    SuperMajority: (receivers * 2) / 3,
    AbsoluteMajority: receivers,
  };
  return successes >= needed[type];
}
