import type { Instance } from '../instance.js';
import { announce } from '../webhooks/announce.js';
import { userActed } from '../webhooks/events.js';

/** Sends the end events of expired actions whose definition has `sendEndEvent`. */
export function sendEndEvents(instance: Instance): void {
  const { userActions, userActionLogs } = instance.state;
  for (const log of userActionLogs.values()) {
    const isOver = log.expiry !== undefined && log.expiry <= instance.now();
    if (!isOver || log.endEventSent || !userActions.get(log.userActionId)?.sendEndEvent) continue;
    log.endEventSent = true;
    // The end event needs no transaction: the action has already expired.
    announce(instance, userActed(instance, 'end', log), () => instance.changed()).catch(() => undefined);
  }
}
