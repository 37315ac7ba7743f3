import { randomBytes, randomUUID } from 'node:crypto';
import type { Environment } from '#gatehouse/platform';
import { applicationId, issuer, tenantId } from '../../../issuer/src/token-minter.js';
import { basic, bearer, type Headers } from '../../../measure/src/connection.js';
import { type FusionAuthStandIn, ownKey, probeGroupId } from '../../../measure/src/fusionauth-stand-in.js';
import type { Mode } from '../modes.js';
import type { Ground } from './ground.js';

/** The entity that represents the API. */
const entityId = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';

/** Returns the settings of an API that calls a stand-in for FusionAuth. */
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
  // It signs no token.
  WEBHOOK_KEY_ID: 'the-key-of-webhooks',
  // The measurement generates load from a single address.
  REFUSED_ATTEMPTS_PER_MINUTE: '1000000',
  ...mode.environment,
  ...more,
});

/**
 * Returns request headers with `count` valid credentials of a mode, each of another client; a stand-in accepts them.
 */
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

/** Mints a token whose session has the id of the user, so that the stand-in can derive the user. */
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
