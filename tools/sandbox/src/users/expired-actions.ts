import type { Instance } from '../instance.js';
import { announce } from '../webhooks/announce.js';
import { userActed } from '../webhooks/events.js';

const everyMs = 1000;

/**
 * Sends the end events of actions whose definition has `sendEndEvent`: within a second of their expiry, and
 * immediately when the clock is moved past it. Returns the function that stops this.
 */
export function watchExpiries(instance: Instance, clock: { onMove: () => void }): () => void {
  clock.onMove = () => sendEndEvents(instance);
  const timer = setInterval(clock.onMove, everyMs).unref();
  return () => clearInterval(timer);
}

function sendEndEvents(instance: Instance): void {
  const { userActions, userActionLogs } = instance.state;
  for (const log of userActionLogs.values()) {
    const isOver = log.expiry !== undefined && log.expiry <= instance.now();
    if (!isOver || log.endEventSent || !userActions.get(log.userActionId)?.sendEndEvent) continue;
    log.endEventSent = true;
    // The end event needs no transaction: the action has already expired.
    announce(instance, userActed(instance, 'end', log), () => instance.changed()).catch(() => undefined);
  }
}
