import { LRUCache } from 'lru-cache';
import type { Clock } from '#gatehouse/platform';
import type { Caller, Check } from '../core/check.js';
import { upstreamOf } from '../core/failure.js';
import type { Acceptance, Verdict } from '../core/strategy.js';

export interface CacheSettings {
  readonly clock: Clock;
  /** Most credentials remembered; the least recently used go first. */
  readonly limit: number;
  /** Longest trust in milliseconds, absolute: use does not extend it. Without it only `goodUntil` ends trust. */
  readonly trustMilliseconds?: number;
  /** How much longer an acceptance holds while FusionAuth cannot be asked, in milliseconds beyond the trust. */
  readonly graceMilliseconds?: number;
  /** Told of every acceptance by grace. */
  readonly onGrace?: () => void;
  /** When it changes, nothing remembered before counts. */
  readonly generation?: () => number;
}

interface Remembered {
  readonly verdict: Acceptance;
  readonly until: number;
  /** All that grace can give, counted from the last time FusionAuth was asked and never past `goodUntil`. */
  readonly graceUntil: number;
  readonly generation: number;
}

/**
 * Remembers acceptances, and only those, until their `goodUntil` or for the trust time, whichever ends first. What is
 * remembered also bridges an outage, and makes a credential known to the layers within; a refusal ends all three.
 */
export function cache<C>(inner: Check<C>, settings: CacheSettings): Check<C> {
  const { clock, limit, trustMilliseconds = Infinity, graceMilliseconds = 0 } = settings;
  const { generation = () => 0, onGrace = () => undefined } = settings;
  const remembered = new LRUCache<string, Remembered>({ max: limit });

  function remember(id: string, verdict: Acceptance, asked: number, current: number): void {
    const goodUntil = verdict.goodUntil ?? Infinity;
    const until = Math.min(goodUntil, asked + trustMilliseconds);
    const graceUntil = Math.min(goodUntil, until + graceMilliseconds);
    if (Number.isFinite(until)) remembered.set(id, { verdict, until, graceUntil, generation: current });
  }

  async function refresh(credential: C, caller: Caller, known: Remembered | undefined): Promise<Verdict> {
    // Read before verifying: what a withdrawn key vouched for in the meantime must not count as new.
    const current = generation();
    const asked = clock();
    const verdict = await inner(credential, known ? { ...caller, known: true } : caller);
    if (verdict.ok) {
      remember(caller.id, verdict, asked, current);
    }
    // What says nothing about the credential leaves what was known of it.
    else if (upstreamOf(verdict) === 'answers') {
      remembered.delete(caller.id);
    }
    // Looked up anew: another caller may have learnt of a refusal meanwhile.
    else if (
      known &&
      upstreamOf(verdict) === 'silent' &&
      remembered.get(caller.id) === known &&
      clock() < known.graceUntil
    ) {
      onGrace();
      return known.verdict;
    }
    return verdict;
  }

  return (credential, caller) => {
    const before = remembered.get(caller.id);
    const known = before?.generation === generation() ? before : undefined;
    return known && clock() < known.until ? known.verdict : refresh(credential, caller, known);
  };
}
