import type { Clock } from '#gatehouse/platform';
import type { Check } from '../core/authenticator.js';
import { unavailable, upstreamOf } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';

const failuresToOpen = 5;
/** How long it stays open before one request is let through to try. */
const pauseMs = 1_000;

/**
 * Stops asking a FusionAuth that does not answer. Only its own silence counts (refused connections, time-outs, 5xx,
 * nonsense): nothing that a caller can provoke, above all no 4xx, counts, so that no caller can lock out the others.
 */
export function breaker<C>(inner: Check<C>, { clock, name }: { clock: Clock; name: string }): Check<C> {
  let failures = 0;
  let openUntil = 0;
  const count = (verdict: Verdict): void => {
    const upstream = upstreamOf(verdict);
    if (upstream === 'not-asked') {
      // A trial that never reached FusionAuth leaves the next one to the next caller.
      if (failures >= failuresToOpen) openUntil = 0;
      return;
    }
    failures = upstream === 'silent' ? failures + 1 : 0;
    openUntil = failures >= failuresToOpen ? clock() + pauseMs : 0;
  };
  return async (credential, caller) => {
    if (clock() < openUntil) return unavailable(`${name} breaker`);
    // The first caller after the pause tries; the others are refused until its answer is there.
    if (failures >= failuresToOpen) openUntil = clock() + pauseMs;
    const verdict = await inner(credential, caller);
    count(verdict);
    return verdict;
  };
}
