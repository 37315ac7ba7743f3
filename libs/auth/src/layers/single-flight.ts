import type { Check } from '../core/authenticator.js';
import type { Verdict } from '../core/strategy.js';

/**
 * Verifies a credential once for all who present it at the same moment. The verification belongs to none of them: a
 * caller who leaves does not end it for the others. What needs no verification passes without a flight. `onJoin` is called
 * for each one who joins a verification that is under way.
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
