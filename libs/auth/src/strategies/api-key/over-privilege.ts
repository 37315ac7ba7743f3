import { LRUCache } from 'lru-cache';
import type { StrategyParts } from '../define-strategy.js';

/** How long a key is trusted not to permit more after a check. */
const trustMs = 24 * 3_600_000;

/**
 * A key without listed permissions is FusionAuth's super key, and passes every probe. So each key is also tried, once
 * a day, on endpoints that it must not be able to read; a key that can read one is refused, and the operator is
 * alerted.
 */
export function overPrivilegeCheck({ fusionAuth, clock, log }: Omit<StrategyParts, 'memory'>) {
  const narrowSince = new LRUCache<string, number>({ max: 10_000 });
  return {
    /** Tells whether the key passed the check before; `subject` identifies it. */
    knows: (subject: string): boolean => narrowSince.has(subject),
    /** Resolves with whether the key permits more than the probe group; `credentialId` names it in the log. */
    async opensMore(
      key: string,
      { subject, credentialId }: { subject: string; credentialId: string },
      signal: AbortSignal,
    ): Promise<boolean> {
      if (clock() - (narrowSince.get(subject) ?? -Infinity) < trustMs) return false;
      if (await fusionAuth.apiKeys.opensMore(key, signal)) {
        const alarm = 'an API key has permissions beyond this API: replace it';
        log.error({ event: 'over-privileged-key', credentialId }, alarm);
        return true;
      }
      narrowSince.set(subject, clock());
      return false;
    },
  };
}
