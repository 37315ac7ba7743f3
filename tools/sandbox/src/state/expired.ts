import type { Instance } from '../instance.js';
import { isLive } from '../tokens/sessions.js';
import { sendEndEvents } from '../users/expired-actions.js';

const everyMs = 1000;

/**
 * Sends the end events of expired user actions and deletes expired records: every second, and immediately when the clock
 * is moved. Returns the function that stops this.
 */
export function watchExpiries(instance: Instance, clock: { onMove: () => void }): () => void {
  clock.onMove = () => {
    sendEndEvents(instance);
    deleteExpired(instance);
  };
  const timer = setInterval(clock.onMove, everyMs).unref();
  return () => clearInterval(timer);
}

/** Expired records are useful only to a test that sets the clock back. */
const maximumExpired = 1000;

/** Deletes what nobody can use any more: deleted API keys, and all but the newest thousand of each kind that expires. */
function deleteExpired(instance: Instance): void {
  const { state, codes, deviceCodes } = instance;
  const now = instance.now();
  const isPast = ({ expiresAt }: { readonly expiresAt: number }) => expiresAt <= now;
  const deleted =
    trim(state.apiKeys, ({ removedAt = Infinity }) => removedAt <= now, 0) +
    trim(state.refreshTokens, (session) => !isLive(instance, session)) +
    trim(state.userActionLogs, ({ expiry = Infinity }) => expiry <= now) +
    trim(codes, isPast) +
    trim(deviceCodes, isPast);
  if (deleted > 0) instance.changed();
}

/** Deletes the oldest records that have expired, so that at most `maximum` of these remain. Returns how many it deleted. */
function trim<Item>(
  records: Map<string, Item>,
  isExpired: (item: Item) => boolean,
  maximum = maximumExpired,
): number {
  const expired = [...records].filter(([, item]) => isExpired(item));
  const surplus = expired.slice(0, Math.max(0, expired.length - maximum));
  for (const [id] of surplus) records.delete(id);
  return surplus.length;
}
