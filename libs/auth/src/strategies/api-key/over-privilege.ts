import { LRUCache } from 'lru-cache';
import type { StrategyParts } from '../define-strategy.js';

/** How long a key that opened nothing else is believed to be narrow. */
const trustMs = 24 * 3_600_000;

/**
 * A key without any permissions listed is FusionAuth's super key, and passes every probe. So each key is also tried, once
 * a day, on endpoints that it must not be able to read; a key that opens one is refused, and the operator is alarmed.
 */
export function overPrivilegeCheck({ fusionAuth, clock, log }: Omit<StrategyParts, 'memory'>) {
  const narrowSince = new LRUCache<string, number>({ max: 10_000 });
  return {
    /** Whether the key was found narrow before; `subject` is what it is remembered by. */
    knows: (subject: string): boolean => narrowSince.has(subject),
    /** Whether the key opens more than the probe group; `credentialId` names it in the log. */
    async opensMore(
      key: string,
      { subject, credentialId }: { subject: string; credentialId: string },
      signal: AbortSignal,
    ): Promise<boolean> {
      if (clock() - (narrowSince.get(subject) ?? -Infinity) < trustMs) return false;
      if (await fusionAuth.apiKeys.opensMore(key, signal)) {
        const alarm = 'an API key opens far more than this API: replace it';
        log.error({ event: 'over-privileged-key', credentialId }, alarm);
        return true;
      }
      narrowSince.set(subject, clock());
      return false;
    },
  };
}
