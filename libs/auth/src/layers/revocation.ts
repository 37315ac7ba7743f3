import type { Check } from '../core/authenticator.js';
import { andThen, type Awaitable } from '../core/awaitable.js';
import type { Refusal } from '../core/failure.js';
import type { Acceptance, Verdict } from '../core/strategy.js';

/** Returns the refusal of an accepted credential that was revoked since; undefined if it was not. */
export type RefusalOf = (acceptance: Acceptance) => Refusal | undefined;

/** The part of push revocation that handles acceptances. */
export interface Revoking {
  /** Whether the acceptance is looked up at all: FusionAuth announces nothing about machines. */
  readonly concerns: (acceptance: Acceptance) => boolean;
  readonly refusalOf: RefusalOf;
  /** Notes a new acceptance; not called again while it is cached. */
  readonly note: (acceptance: Acceptance) => void;
}

/** Notes each acceptance of a judgement. */
export function noting<C>(inner: (credential: C) => Awaitable<Verdict>, note: Revoking['note']): Check<C> {
  const look = (verdict: Verdict): Verdict => {
    if (verdict.ok) note(verdict);
    return verdict;
  };
  return (credential) => andThen(inner(credential), look);
}

/**
 * Checks every acceptance for a later revocation. It is outside the cache, so acceptances from the cache or by grace
 * are checked too. Synchronous where the verdict is.
 */
export function revocable<C>(inner: Check<C>, refusalOf: RefusalOf): Check<C> {
  const judge = (verdict: Verdict): Verdict => (verdict.ok ? (refusalOf(verdict) ?? verdict) : verdict);
  return (credential, caller) => andThen(inner(credential, caller), judge);
}
