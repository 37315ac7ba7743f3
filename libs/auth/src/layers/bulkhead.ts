import type { Check } from '../core/check.js';
import { unavailable } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';

export interface BulkheadSettings {
  readonly name: string;
  /** How long a caller waits for a place, in milliseconds; longer than a verification takes at most. */
  readonly patienceMilliseconds: number;
}

/** Verifications at a time; those of known credentials and those of strangers do not share. */
const atOnce = { known: 48, unknown: 16 };
/** Callers that may wait for each running verification. */
const waitingForEach = 8;

/**
 * Bounds how much waits for FusionAuth. Two lanes: however many strangers knock, a credential that was accepted before
 * finds its own lane free. Whoever finds the queue full, or waits too long, gets `unavailable` without being asked
 * about; that is our own doing and earns no grace.
 */
export function bulkhead<C>(inner: Check<C>, settings: BulkheadSettings): Check<C> {
  const { name, patienceMilliseconds: patience } = settings;
  const lanes = { known: lane(atOnce.known, patience), unknown: lane(atOnce.unknown, patience) };
  return async (credential, caller) => {
    const which = caller.known ? 'known' : 'unknown';
    const leave = await lanes[which]();
    if (!leave) return full(`${name} bulkhead: ${which} credentials`);
    return Promise.resolve(inner(credential, caller)).finally(leave);
  };
}

const full = (operation: string): Verdict =>
  unavailable(operation, { blame: 'overload', retryAfterSeconds: 1 });

/** Resolves with the way out once there is a place, or with undefined when there will be none. */
function lane(places: number, patience: number): () => Promise<(() => void) | undefined> {
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
      const timer = setTimeout(() => done(undefined), patience);
      waiting.add(called);
    });
  };
}
