import { LRUCache } from 'lru-cache';
import type { Clock } from '#gatehouse/platform';
import type { Check } from '../core/check.js';
import { isRefused, type Refusal } from '../core/failure.js';

export interface NegativeCacheSettings {
  readonly clock: Clock;
  /** Most refusals remembered; apart from acceptances, so that no flood can push those out. */
  readonly limit: number;
  /** How long FusionAuth is not asked again about a credential that it refused, in milliseconds. */
  readonly milliseconds: number;
}

interface Refused {
  readonly verdict: Refusal;
  readonly until: number;
}

/** Remembers what FusionAuth refused, so that whoever repeats it costs one call and not one each time. */
export function negativeCache<C>(inner: Check<C>, settings: NegativeCacheSettings): Check<C> {
  const { clock, limit, milliseconds } = settings;
  const refused = new LRUCache<string, Refused>({ max: limit });
  return async (credential, caller) => {
    const earlier = refused.get(caller.id);
    if (earlier && clock() < earlier.until) return earlier.verdict;
    const verdict = await inner(credential, caller);
    if (isRefused(verdict)) refused.set(caller.id, { verdict, until: clock() + milliseconds });
    return verdict;
  };
}
