import type { Check, Verdict } from '../core/strategy.js';

/**
 * Verifies a credential once for all who present it at the same moment. The verification belongs to none of them: a
 * caller who leaves does not end it for the others.
 */
export function singleFlight<C>(
  inner: Check<C>,
  settings: { readonly key: (credential: C) => string },
): Check<C> {
  const flights = new Map<string, Promise<Verdict>>();
  return (credential, caller) => {
    const id = settings.key(credential);
    const flight = flights.get(id) ?? inner(credential, caller).finally(() => flights.delete(id));
    flights.set(id, flight);
    return flight;
  };
}
