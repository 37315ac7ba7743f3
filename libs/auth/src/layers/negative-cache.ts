import { LRUCache } from 'lru-cache';
import type { Clock } from '#gatehouse/platform';
import type { Check } from '../core/authenticator.js';
import { isRefused, type Refusal } from '../core/failure.js';

/**
 * Caches FusionAuth's refusals for `trustMs`, so that a repeated request costs no further call; at most `limit`
 * refusals, separate from acceptances, so that a flood of refusals cannot evict those.
 */
export function negativeCache<C>(
  inner: Check<C>,
  { clock, limit, trustMs }: { clock: Clock; limit: number; trustMs: number },
): Check<C> {
  const refused = new LRUCache<string, { readonly verdict: Refusal; readonly until: number }>({ max: limit });
  return async (credential, caller) => {
    const earlier = refused.get(caller.id);
    if (earlier && clock() < earlier.until) return earlier.verdict;
    const verdict = await inner(credential, caller);
    if (isRefused(verdict)) refused.set(caller.id, { verdict, until: clock() + trustMs });
    return verdict;
  };
}
