import type { Instance } from '../instance.js';
import { announce } from '../webhooks/announce.js';
import { userActed } from '../webhooks/happenings.js';

const everyMs = 1000;

/**
 * Has measures tell of their end, where their user action says so by `sendEndEvent`: within a second of it, and at once
 * when the clock was moved there. Returns the function that ends this.
 */
export function watchEnds(instance: Instance, clock: { onMove: () => void }): () => void {
  clock.onMove = () => tellOfEnds(instance);
  const timer = setInterval(clock.onMove, everyMs).unref();
  return () => clearInterval(timer);
}

function tellOfEnds(instance: Instance): void {
  const { userActions, userActionLogs } = instance.state;
  for (const log of userActionLogs.values()) {
    const isOver = log.expiry !== undefined && log.expiry <= instance.now();
    if (!isOver || log.endEventSent || !userActions.get(log.userActionId)?.sendEndEvent) continue;
    log.endEventSent = true;
    // The end needs nobody's consent: it has come about already.
    announce(instance, userActed(instance, 'end', log), () => instance.changed()).catch(() => undefined);
  }
}
