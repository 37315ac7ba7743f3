import type { Instance } from '../instance.js';
import type { ApplicationRecord, KeyRecord } from '../state/state.js';
import { type Issuing, jwtConfiguration } from './claims.js';

/**
 * Returns the key that signs tokens of a kind: the one that the application's settings name, else the tenant's, else
 * the default tenant's. A key that represents a client secret is used only where there is a client.
 */
export function issuingKey(
  { state }: Instance,
  issuing: Issuing,
  kind: 'accessTokenKeyId' | 'idTokenKeyId',
): KeyRecord {
  const byDefault = state.tenants.get(state.defaultTenantId)?.jwtConfiguration;
  for (const settings of [jwtConfiguration(issuing), issuing.tenant.jwtConfiguration, byDefault]) {
    const key = state.keys.get(settings?.[kind] ?? '');
    if (key && !key.shadow) return key;
    if (key && issuing.application) return withClientSecret(key, issuing.application);
  }
  const any = [...state.keys.values()].find(({ shadow }) => !shadow);
  if (!any) throw new Error('there is no key to sign with');
  return any;
}

/**
 * Returns a key that represents client secrets, with the secret of one client (OpenID Connect Core 1.0 section 10.1).
 */
export function withClientSecret(key: KeyRecord, { oauthConfiguration }: ApplicationRecord): KeyRecord {
  return { ...key, secret: Buffer.from(oauthConfiguration.clientSecret ?? '').toString('base64') };
}
