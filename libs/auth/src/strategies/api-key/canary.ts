import { LRUCache } from 'lru-cache';
import type { StrategyParts } from '../strategy-parts.js';

/** How long a key that opened nothing else is believed to be narrow, in milliseconds. */
const trust = 24 * 3_600_000;

/** What a key is known by: in memory, and in the log. */
interface KeyNames {
  readonly subject: string;
  readonly credentialId: string;
}

/**
 * A key without any permissions listed is FusionAuth's super key, and passes every probe. So a key is also held against
 * doors that must stay shut, once a day; whoever presents one that opens them is refused and the operator is alarmed.
 */
export function overPrivilegeCanary({
  fusionAuth,
  clock,
  log,
}: Pick<StrategyParts, 'fusionAuth' | 'clock' | 'log'>) {
  const narrowSince = new LRUCache<string, number>({ max: 10_000 });
  const opensMore = async (
    key: string,
    { subject, credentialId }: KeyNames,
    signal: AbortSignal,
  ): Promise<boolean> => {
    if (clock() - (narrowSince.get(subject) ?? -Infinity) < trust) return false;
    if (await fusionAuth.apiKeys.opensMore(key, signal)) {
      log.error(
        { event: 'over-privileged-key', credentialId },
        'an API key opens far more than this API: replace it',
      );
      return true;
    }
    narrowSince.set(subject, clock());
    return false;
  };
  return { opensMore, knows: (subject: string): boolean => narrowSince.has(subject) };
}
