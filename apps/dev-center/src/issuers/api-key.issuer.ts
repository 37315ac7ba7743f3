import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { apiKeySubject, mintApiKey } from '#gatehouse/auth';
import type { FusionAuthData } from '#gatehouse/fusionauth';
import { exitCodes, ExitError, Secret } from '#gatehouse/platform';
import { type DevCenterConfig, principalKey } from '../config.js';
import { gone, type Issuer, type IssuerDefinition, type IssuerParts, type Remark } from './issuer.js';

/** FusionAuth documents that a new key may be refused for up to a minute; its cache knows nothing of it. */
const patience = 90_000;
const firstPause = 100;
const longestPause = 2_000;

export const apiKeyIssuer: IssuerDefinition = {
  strategy: 'api-key',
  secret: 'an API key',
  endsWithin:
    'The Todo API refuses it after T, and after what FusionAuth’s own cache takes: a minute at most.',
  endIsEnforced: true,
  create: apiKeys,
};

/** A FusionAuth API key of our own make, which may read the probe group and nothing else. Its expiry is FusionAuth's to enforce. */
function apiKeys({ control, data, config, clock }: IssuerParts): Issuer {
  return {
    async plan({ client, expiresAt }) {
      const settings = await given(config);
      const id = randomUUID();
      const key = mintApiKey(id);
      return {
        fusionauthId: id,
        subject: apiKeySubject(key, settings),
        expiresAt,
        async make(tell) {
          await control.apiKeys.make({ id, key, description: `Gatehouse client ${client.name}`, expiresAt });
          await untilKnown(key, data.apiKeys, tell);
          return {
            settings: { CREDENTIAL_SOURCE: 'api-key' },
            secret: { name: 'API_KEY', value: new Secret(key) },
          };
        },
      };
    },
    retire: (id, endsAt) => control.apiKeys.expire(id, endsAt),
    end: (id) => control.apiKeys.remove(id),
    present: (_id, key) => Promise.resolve(key),
    async inspect(id) {
      const key = await control.apiKeys.read(id);
      if (!key || (key.expirationInstant ?? Infinity) <= clock()) return [gone];
      const endpoints = Object.entries(key.permissions.endpoints);
      const probeOnly = endpoints.length === 1 && String(endpoints) === '/api/group,GET';
      return [
        ...(probeOnly ? [] : [tooMuch('may do more at FusionAuth than read groups')]),
        ...(key.tenantId === undefined ? [tooMuch('is bound to no tenant')] : []),
        ...(key.keyManager ? [tooMuch('can make API keys')] : []),
      ];
    },
  };
}

/** Rejects with an ExitError 78 without what a key needs in order to be accepted and recognised. */
function given(config: DevCenterConfig): Promise<{ PRINCIPAL_KEY: Secret }> {
  const PRINCIPAL_KEY = principalKey(config);
  if (PRINCIPAL_KEY && config.FUSIONAUTH_PROBE_GROUP_ID) return Promise.resolve({ PRINCIPAL_KEY });
  const refusal = new ExitError(
    PRINCIPAL_KEY
      ? 'FUSIONAUTH_PROBE_GROUP_ID is not set, by which it is seen whether a key works: set it as the Todo API has it.'
      : 'PRINCIPAL_KEY is not set, without which the Todo API would not know whose the key is: set it as the Todo API has it.',
    exitCodes.badConfiguration,
  );
  return Promise.reject(refusal);
}

const tooMuch = (text: string): Remark => ({ kind: 'over-privileged', text });

async function untilKnown(
  key: string,
  apiKeys: FusionAuthData['apiKeys'],
  tell: (text: string) => void,
): Promise<void> {
  const deadline = performance.now() + patience;
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const result = await apiKeys.probe(key, AbortSignal.timeout(10_000));
    if (result === 'good') return;
    if (result === 'elsewhere') throw noProbe();
    if (performance.now() > deadline) throw unknownStill();
    if (pause === firstPause) tell('waiting until FusionAuth accepts the key, which can take a minute');
    await delay(pause);
  }
}

const noProbe = (): ExitError =>
  new ExitError(
    'FUSIONAUTH_PROBE_GROUP_ID names no group of this tenant: "npm run provision" makes it.',
    exitCodes.badConfiguration,
  );

const unknownStill = (): ExitError =>
  new ExitError(
    `FusionAuth still refuses the new key after ${patience / 1000} s. Nothing was handed out; try again.`,
    exitCodes.unavailable,
  );
