import type { FusionAuthData } from '#gatehouse/fusionauth';
import type { SharedConfig } from '../strategy-parts.js';

/** The probe group must exist, else no key can be told from another; only our own key can look. */
export async function examineApiKey(
  config: SharedConfig,
  { ownKey }: FusionAuthData,
): Promise<readonly string[]> {
  if (!config.FUSIONAUTH_API_KEY || (await ownKey.seesProbeGroup()) !== false) return [];
  return [
    'FUSIONAUTH_PROBE_GROUP_ID names no group of this tenant: make a group that nobody is a member of, and set its id.',
  ];
}
