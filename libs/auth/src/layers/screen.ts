import type { Check } from '../core/strategy.js';

/**
 * Refuses what can be refused without asking FusionAuth; stands before everything that protects FusionAuth. What it
 * finds good is handed on, so that nothing is verified twice.
 */
export function screen<C>(inner: Check<C>, local: Check<C>): Check<C> {
  return async (credential, caller) => {
    const screened = await local(credential, caller);
    return screened.ok ? inner(credential, { ...caller, screened }) : screened;
  };
}
