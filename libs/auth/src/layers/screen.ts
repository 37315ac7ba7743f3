import type { Check, CredentialStrategy } from '../core/strategy.js';

const never = new AbortController().signal;

/** Refuses what the strategy can refuse without asking FusionAuth; stands before everything that protects FusionAuth. */
export function screen<C>(inner: Check<C>, strategy: CredentialStrategy<C>): Check<C> {
  if (!strategy.screen) return inner;
  return async (credential, caller) => {
    const verdict = await strategy.screen?.(credential, never);
    return verdict && !verdict.ok ? verdict : inner(credential, caller);
  };
}
