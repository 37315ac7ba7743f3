import type { Check } from '../core/authenticator.js';
import type { Verdict } from '../core/strategy.js';

/**
 * Verifies a credential once for all requests that present it at the same time. The verification belongs to none of
 * them: a caller who disconnects does not cancel it for the others. A synchronous verdict passes through. `onJoin` is
 * called for each request that joins a verification.
 */
export function singleFlight<C>(inner: Check<C>, onJoin: () => void = () => undefined): Check<C> {
  const flights = new Map<string, Promise<Verdict>>();
  return (credential, caller) => {
    const underWay = flights.get(caller.id);
    if (underWay) {
      onJoin();
      return underWay;
    }
    const verdict = inner(credential, caller);
    if (!(verdict instanceof Promise)) return verdict;
    const flight = verdict.finally(() => flights.delete(caller.id));
    flights.set(caller.id, flight);
    return flight;
  };
}
