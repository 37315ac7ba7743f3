import { hash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#gatehouse/platform';
import type { Caller, Check } from '../core/authenticator.js';
import { upstreamOf } from '../core/failure.js';
import type { Acceptance, Verdict } from '../core/strategy.js';

export interface CacheSettings {
  readonly clock: Clock;
  /** Maximum number of cached credentials; the least recently used are evicted. */
  readonly limit: number;
  /**
   * Longest trust in milliseconds; absolute: use does not extend it. Without it an entry is trusted until its
   * `expiresAt`.
   */
  readonly trustMs?: number;
  /** How much longer, after the cache time, an acceptance is valid while FusionAuth cannot be reached. */
  readonly graceMs?: number;
  /** Called at every acceptance by grace. */
  readonly onGrace?: () => void;
  /** A change of its value invalidates all entries. */
  readonly generation: () => number;
}

interface Remembered {
  readonly verdict: Acceptance;
  readonly until: number;
  /** The end of the grace period, counted from the last call to FusionAuth and never past `expiresAt`. */
  readonly graceUntil: number;
  readonly generation: number;
}

/**
 * Caches acceptances, and only those, until their `expiresAt` or for the cache time, the shorter of the two. An entry
 * also bridges an outage for the grace period, and marks its credential as known to the inner layers; a refusal
 * deletes it.
 */
export function cache<C>(inner: Check<C>, settings: CacheSettings): Check<C> {
  const { clock, limit, trustMs = Infinity, graceMs = 0 } = settings;
  const { generation, onGrace = () => undefined } = settings;
  const remembered = new LRUCache<string, Remembered>({ max: limit });

  function remember(id: string, verdict: Acceptance, asked: number, current: number): void {
    const expiresAt = verdict.expiresAt ?? Infinity;
    const until = Math.min(expiresAt, asked + trustMs);
    const graceUntil = Math.min(expiresAt, until + graceMs);
    if (Number.isFinite(until)) remembered.set(id, { verdict, until, graceUntil, generation: current });
  }

  // Looked up again: another caller may have got a refusal in the meantime.
  const hasGrace = (id: string, known: Remembered) =>
    remembered.get(id) === known && clock() < known.graceUntil;

  async function refresh(credential: C, caller: Caller, known: Remembered | undefined): Promise<Verdict> {
    // Read before verifying: a verdict by a key that is withdrawn in the meantime must not count as new.
    const current = generation();
    const asked = clock();
    const verdict = await inner(credential, known ? { ...caller, known: true } : caller);
    const upstream = upstreamOf(verdict);
    if (verdict.ok) {
      remember(caller.id, verdict, asked, current);
    } else if (upstream === 'answers') {
      remembered.delete(caller.id);
    } else if (upstream === 'silent' && known && hasGrace(caller.id, known)) {
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

// Per process: a cache key found in a heap dump or metric of one process is worthless elsewhere.
const processSecret = randomBytes(32).toString('base64');

/** Returns a cache key: SHA-256 over a per-process secret, the strategy's name and the credential. */
export const cacheKey = (strategy: string, credential: string): string =>
  hash(
    'sha256',
    `${processSecret}${strategy.length}:${strategy}${credential.length}:${credential}`,
    'base64',
  );
