import type { Clock } from '#gatehouse/platform';
import type { Check } from '../core/authenticator.js';
import { unavailable, upstreamOf } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';

const failuresToOpen = 5;
/** How long it stays open before it lets one trial request through. */
const pauseMs = 1_000;

/**
 * Stops calling FusionAuth while it does not answer. Only failures of FusionAuth itself count (refused connections,
 * time-outs, 5xx, unusable answers). A 4xx never does, because a caller can provoke it and could lock out the others.
 */
export function breaker<C>(inner: Check<C>, { clock, name }: { clock: Clock; name: string }): Check<C> {
  let failures = 0;
  let openUntil = 0;
  const count = (verdict: Verdict): void => {
    const upstream = upstreamOf(verdict);
    if (upstream === 'not-asked') {
      // A trial that never reached FusionAuth leaves the next trial to the next caller.
      openUntil = 0;
      return;
    }
    failures = upstream === 'silent' ? failures + 1 : 0;
    openUntil = failures >= failuresToOpen ? clock() + pauseMs : 0;
  };
  return async (credential, caller) => {
    if (clock() < openUntil) return unavailable(`${name} breaker`);
    // The first caller after the pause is the trial; the others are refused until it has its answer.
    if (failures >= failuresToOpen) openUntil = clock() + pauseMs;
    const verdict = await inner(credential, caller);
    count(verdict);
    return verdict;
  };
}
