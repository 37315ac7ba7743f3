import type { Check } from '../core/authenticator.js';
import { unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';

/** Concurrent verifications, in a lane for known credentials and one for unknown ones. */
const atOnce = { known: 48, unknown: 16 };
/** Callers that may wait for each running verification. */
const waitingForEach = 8;

/**
 * Bounds how many calls wait for FusionAuth. There are two lanes, so that unknown credentials cannot crowd out
 * accepted ones. A caller gets `unavailable`, without a call to FusionAuth, if the queue is full or after waiting for
 * `maxWaitMs`, which must exceed the longest verification. This is our own overload, so no grace period applies.
 */
export function bulkhead<C>(
  inner: Check<C>,
  { name, maxWaitMs }: { name: string; maxWaitMs: number },
): Check<C> {
  const lanes = { known: lane(atOnce.known, maxWaitMs), unknown: lane(atOnce.unknown, maxWaitMs) };
  return async (credential, caller) => {
    const which = caller.known ? 'known' : 'unknown';
    const leave = await lanes[which]();
    if (!leave) return full(`${name} bulkhead: ${which} credentials`);
    return Promise.resolve(inner(credential, caller)).finally(leave);
  };
}

const full = (operation: string): Verdict =>
  unavailable(operation, { blame: 'overload', retryAfterSeconds: 1 });

/** Resolves with a function that releases the slot, or undefined if there is no slot. */
function lane(places: number, maxWaitMs: number): () => Promise<(() => void) | undefined> {
  let running = 0;
  const waiting = new Set<() => void>();
  const leave = (): void => {
    running -= 1;
    const [next] = waiting;
    next?.();
  };
  const enter = (): (() => void) => {
    running += 1;
    return leave;
  };
  return () => {
    if (running < places) return Promise.resolve(enter());
    if (waiting.size >= places * waitingForEach) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const done = (result: (() => void) | undefined): void => {
        clearTimeout(timer);
        waiting.delete(called);
        resolve(result);
      };
      const called = () => done(enter());
      const timer = setTimeout(() => done(undefined), maxWaitMs);
      waiting.add(called);
    });
  };
}
