import type { Clock } from '#gatehouse/platform';
import type { Check } from '../core/authenticator.js';
import { isRefused, throttled } from '../core/failure.js';

/** Calls about unknown credentials that FusionAuth may refuse in a second, for all callers together. */
const perSecond = 20;

/**
 * Bounds the calls to FusionAuth that guessers at different addresses cause. Calls in flight count as refusals until
 * they are answered; accepted ones cost nothing, so that many new clients at the same time are not delayed. Known
 * credentials pass.
 */
export function refusalRate<C>(inner: Check<C>, { clock }: { clock: Clock }): Check<C> {
  let underWay = 0;
  let refusals: readonly number[] = [];
  return async (credential, caller) => {
    if (caller.known) return inner(credential, caller);
    refusals = refusals.filter((at) => clock() - at < 1_000);
    if (refusals.length + underWay >= perSecond) return throttled(1);
    underWay += 1;
    const verdict = await Promise.resolve(inner(credential, caller)).finally(() => (underWay -= 1));
    if (isRefused(verdict)) refusals = [...refusals, clock()];
    return verdict;
  };
}
