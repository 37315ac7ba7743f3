import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { apiKeySubject, mintApiKey } from '#gatehouse/auth';
import type { FusionAuthData } from '#gatehouse/fusionauth';
import { exitCodes, ExitError, Secret } from '#gatehouse/platform';
import { type DevCenterConfig, principalKey } from '../config.js';
import { gone, type Issuer, type IssuerDefinition, type IssuerParts, type Remark } from './issuer.js';

/** FusionAuth documents that it may refuse a new key, which is not in its cache, for up to a minute. */
const acceptedWithinMs = 90_000;
const firstPauseMs = 100;
const maximumPauseMs = 2_000;

export const apiKeyIssuer: IssuerDefinition = {
  strategy: 'api-key',
  secret: 'an API key',
  endsWithin:
    'The Todo API refuses it after CREDENTIAL_CACHE_SECONDS (5 by default), plus up to a minute for FusionAuth’s own cache.',
  endIsEnforced: true,
  hasSessions: false,
  title: 'API key',
  about: 'One secret in a header. The simplest to use.',
  use: { variable: '$API_KEY', headers: "{ 'X-API-Key': env.API_KEY }" },
  measured: { modes: [{ id: 'api-key', title: 'probe' }], ending: 'delete-key' },
  create: apiKeys,
};

/** Issues FusionAuth API keys that may read the probe group and nothing else. FusionAuth enforces their expiry. */
function apiKeys({ control, data, config, clock }: IssuerParts): Issuer {
  return {
    async plan({ client, expiresAt }) {
      const settings = settingsOfKeys(config);
      const id = randomUUID();
      const key = mintApiKey(id);
      return Promise.resolve({
        fusionauthId: id,
        subject: apiKeySubject(key, settings),
        expiresAt,
        async make(report) {
          await control.apiKeys.make({ id, key, description: `Gatehouse client ${client.name}`, expiresAt });
          await untilAccepted(key, data.apiKeys, report);
          return {
            settings: { CREDENTIAL_SOURCE: 'api-key' },
            secret: { name: 'API_KEY', value: new Secret(key) },
            presented: new Secret(key),
          };
        },
      });
    },
    retire: (id, endsAt) => control.apiKeys.expire(id, endsAt),
    end: (id) => control.apiKeys.remove(id),
    present: (_id, key) => Promise.resolve(key),
    async inspect(id) {
      const key = await control.apiKeys.read(id);
      if (!key || (key.expirationInstant ?? Infinity) <= clock()) return [gone];
      const probeOnly = String(Object.entries(key.permissions.endpoints)) === '/api/group,GET';
      return [
        ...(probeOnly ? [] : [tooMuch('has FusionAuth permissions beyond reading groups')]),
        ...(key.tenantId === undefined ? [tooMuch('is not bound to a tenant')] : []),
        ...(key.keyManager ? [tooMuch('can create API keys')] : []),
      ];
    },
  };
}

/** Returns the settings that a key needs to be accepted and recognised. Throws an ExitError 78 if one is missing. */
function settingsOfKeys(config: DevCenterConfig): { PRINCIPAL_KEY: Secret } {
  const PRINCIPAL_KEY = principalKey(config);
  if (PRINCIPAL_KEY && config.FUSIONAUTH_PROBE_GROUP_ID) return { PRINCIPAL_KEY };
  throw new ExitError(
    PRINCIPAL_KEY
      ? 'FUSIONAUTH_PROBE_GROUP_ID is not set. It is needed to test new keys; use the Todo API’s value.'
      : 'PRINCIPAL_KEY is not set. Without it the Todo API cannot recognise the key’s client; use the Todo API’s value.',
    exitCodes.badConfiguration,
  );
}

const tooMuch = (text: string): Remark => ({ kind: 'over-privileged', text });

async function untilAccepted(
  key: string,
  apiKeys: FusionAuthData['apiKeys'],
  report: (text: string) => void,
): Promise<void> {
  const deadline = performance.now() + acceptedWithinMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maximumPauseMs)) {
    const result = await apiKeys.probe(key, AbortSignal.timeout(10_000));
    if (result === 'good') return;
    if (result === 'elsewhere') {
      throw new ExitError(
        'FUSIONAUTH_PROBE_GROUP_ID does not name a group of this tenant: "npm run provision" creates it.',
        exitCodes.badConfiguration,
      );
    }
    if (performance.now() > deadline) {
      throw new ExitError(
        `FusionAuth still refuses the new key after ${acceptedWithinMs / 1000} s. Nothing was issued; retry.`,
        exitCodes.unavailable,
      );
    }
    if (pauseMs === firstPauseMs) report('waiting until FusionAuth accepts the key, which can take a minute');
    await delay(pauseMs);
  }
}
