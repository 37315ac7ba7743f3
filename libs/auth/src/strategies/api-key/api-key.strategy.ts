import { createHmac } from 'node:crypto';
import type { ProbeResult } from '#gatehouse/fusionauth';
import type { HeaderCarrier } from '../../core/carrier.js';
import { malformed, type Refusal, unavailable } from '../../core/failure.js';
import type { CredentialStrategy, Verdict } from '../../core/strategy.js';
import type { SharedConfig, StrategyParts } from '../define-strategy.js';
import type { ApiKeyConfig } from './api-key.settings.js';
import { issuedKeyId } from './issued-key.js';
import { overPrivilegeCheck } from './over-privilege.js';
import { forbidden, rejected } from './reasons.js';

export const apiKeyHeader: HeaderCarrier = { in: 'header', name: 'X-API-Key' };
// The key is copied into FusionAuth's Authorization header, where a space or a colon could make it Basic or Bearer.
const grammar = /^[A-Za-z0-9._~-]{20,256}$/;
/** How long the probe group is assumed to exist after a key has read it. */
const probeTrustMs = 3_600_000;

/**
 * Accepts FusionAuth API keys in `X-API-Key`. A key is valid if FusionAuth lets it read the probe group, and nothing
 * more.
 */
export function createApiKey(
  config: SharedConfig & ApiKeyConfig,
  parts: StrategyParts,
): CredentialStrategy<string> {
  const { fusionAuth, memory, clock } = parts;
  const privilege = overPrivilegeCheck(parts);
  let probeSeenAt = -Infinity;

  function refusal(key: string, result: Exclude<ProbeResult, 'good'>): Verdict {
    if (result === 'refused') return rejected('unknown-key');
    // A key that has read the group before cannot have moved to another tenant, so the group must be gone.
    if (privilege.knows(apiKeySubject(key, config))) probeSeenAt = -Infinity;
    // Either the key is of another tenant, or the probe group is gone. Blame the key only if the group is known to
    // exist.
    return clock() - probeSeenAt < probeTrustMs
      ? rejected('other-tenant')
      : unavailable('API key probe: the group of FUSIONAUTH_PROBE_GROUP_ID does not exist', {
          blame: 'own-credentials',
        });
  }

  return {
    name: 'api-key',
    consumes: [apiKeyHeader],
    description: 'FusionAuth API key',
    challenge: { scheme: 'ApiKey' },
    extract: (held) => extractApiKey(held, config.API_KEY_FORMAT),
    key: (key) => key,
    async confirm(key, signal) {
      const result = await fusionAuth.apiKeys.probe(key, signal);
      if (result !== 'good') return refusal(key, result);
      probeSeenAt = clock();
      const subject = apiKeySubject(key, config);
      const credentialId = issuedKeyId(key) ?? subject;
      if (await privilege.opensMore(key, { subject, credentialId }, signal))
        return forbidden('over-privileged', { code: 'over_privileged_key' });
      const roles = (await memory.rolesOfApiKey(subject)) ?? config.API_KEY_DEFAULT_ROLES;
      const issuer = `fusionauth-tenant:${config.FUSIONAUTH_TENANT_ID}`;
      const identity = { subject, issuer, kind: 'machine', via: 'api-key', credentialId } as const;
      return { ok: true, principal: { ...identity, tenantId: config.FUSIONAUTH_TENANT_ID, roles } };
    },
  };
}

function extractApiKey(
  key: string,
  format: ApiKeyConfig['API_KEY_FORMAT'],
): Refusal | { readonly credential: string } {
  if (!grammar.test(key)) return malformed(outsideGrammar);
  // Most made-up keys fail by their form, the rest by their checksum.
  return format === 'issued' && issuedKeyId(key) === undefined ? rejected('not-issued') : { credential: key };
}

const outsideGrammar =
  'The X-API-Key header must consist of 20 to 256 letters, digits, dots, dashes, tildes or underscores.';

/**
 * Returns the identity of a key: its keyed hash, which is stable and of no use to a thief. FusionAuth does not say
 * which key made a call.
 */
export function apiKeySubject(key: string, { PRINCIPAL_KEY }: Pick<ApiKeyConfig, 'PRINCIPAL_KEY'>): string {
  return createHmac('sha256', PRINCIPAL_KEY?.reveal() ?? '')
    .update(key)
    .digest('base64url');
}
