import { randomBytes, randomUUID } from 'node:crypto';
import type { Environment } from '#gatehouse/platform';
import { applicationId, issuer, tenantId } from '../../../issuer/src/token-minter.js';
import { type FusionAuthStandIn, ownKey, probeGroupId } from '../../../measure/src/fusionauth-stand-in.js';
import type { Mode } from '../modes.js';
import type { Ground } from './ground.js';

export type Headers = Readonly<Record<string, string>>;

/** The entity that stands for the API. */
const entityId = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';

/** The settings of a door that asks a stand-in for FusionAuth. */
export const settingsWith = (
  standIn: FusionAuthStandIn,
  mode: Mode,
  more: Environment = {},
): Environment => ({
  FUSIONAUTH_URL: standIn.url,
  FUSIONAUTH_TENANT_ID: tenantId,
  FUSIONAUTH_APPLICATION_ID: applicationId,
  FUSIONAUTH_ISSUER: issuer,
  FUSIONAUTH_ENTITY_ID: entityId,
  FUSIONAUTH_API_KEY: ownKey,
  FUSIONAUTH_PROBE_GROUP_ID: probeGroupId,
  // No token is signed with it.
  WEBHOOK_KEY_ID: 'the-key-of-webhooks',
  // What is measured here is load, and all of it comes from one address.
  REFUSED_ATTEMPTS_PER_MINUTE: '1000000',
  ...mode.environment,
  ...more,
});

/** Request headers with `count` good credentials of a mode, each of another client; a stand-in takes them for good. */
export async function madeUpCredentials(ground: Ground, mode: Mode, count: number): Promise<Headers[]> {
  const many = (make: () => Headers) => Array.from({ length: count }, make);
  switch (mode.kind) {
    case 'user-token': {
      const tokens = await ground.tokens(mode.kind, count, () => userToken(ground));
      return tokens.map(bearer);
    }
    case 'machine-token': {
      const tokens = await ground.tokens(mode.kind, count, () => machineToken(ground));
      return tokens.map(bearer);
    }
    case 'api-key':
      return many(() => ({ 'X-API-Key': `good-${randomBytes(24).toString('base64url')}` }));
    case 'email-token':
      return many(() =>
        basic(`${randomUUID()}@example.com`, `good-${randomBytes(24).toString('base64url')}`),
      );
  }
}

/** The session bears the id of the user: so the stand-in knows whose it is. */
function userToken({ minter }: Ground): Promise<string> {
  const id = randomUUID();
  return minter.mint({ sub: id, sid: id });
}

const machineToken = ({ minter }: Ground): Promise<string> =>
  minter.mint({
    aud: entityId,
    sub: randomUUID(),
    applicationId: undefined,
    roles: undefined,
    sid: undefined,
    auth_time: undefined,
    authenticationType: undefined,
    email: undefined,
    email_verified: undefined,
    zoneinfo: undefined,
    scope: `target-entity:${entityId}`,
    permissions: { [entityId]: ['todo-reader'] },
  });

export const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });

export const basic = (login: string, secret: string): Headers => ({
  Authorization: `Basic ${Buffer.from(`${login}:${secret}`).toString('base64')}`,
});
