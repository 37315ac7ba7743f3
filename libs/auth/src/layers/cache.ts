import type { Clock } from '#gatehouse/platform';
import { LRUCache } from 'lru-cache';
import type { Acceptance, Check } from '../core/strategy.js';

export interface CacheSettings<C> {
  readonly clock: Clock;
  readonly key: (credential: C) => string;
  /** Most credentials remembered; the least recently used go first. */
  readonly limit: number;
  /** Longest trust in milliseconds, absolute: use does not extend it. Without it only `goodUntil` ends trust. */
  readonly trustMilliseconds?: number;
  /** When it changes, nothing remembered before counts. */
  readonly generation?: () => number;
}

interface Remembered {
  readonly verdict: Acceptance;
  readonly until: number;
  readonly generation: number;
}

/** Remembers acceptances, and only those, until their `goodUntil` or for the trust time, whichever ends first. */
export function cache<C>(inner: Check<C>, settings: CacheSettings<C>): Check<C> {
  const { clock, key, limit, trustMilliseconds = Infinity, generation = () => 0 } = settings;
  const remembered = new LRUCache<string, Remembered>({ max: limit });
  return async (credential) => {
    const id = key(credential);
    const known = remembered.get(id);
    if (known && known.generation === generation() && clock() < known.until) return known.verdict;
    // Read before verifying: what a withdrawn key vouched for in the meantime must not count as new.
    const current = generation();
    const asked = clock();
    const verdict = await inner(credential);
    const until = verdict.ok ? Math.min(verdict.goodUntil ?? Infinity, asked + trustMilliseconds) : 0;
    if (verdict.ok && Number.isFinite(until) && until > asked) {
      remembered.set(id, { verdict, until, generation: current });
    } else if (known) {
      remembered.delete(id);
    }
    return verdict;
  };
}
