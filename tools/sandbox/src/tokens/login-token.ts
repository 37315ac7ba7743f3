import { randomUUID } from 'node:crypto';
import type { Instance } from '../instance.js';
import type { ApplicationRecord, TenantRecord, UserRecord } from '../state/state.js';
import { rolesOf } from '../users/memberships.js';
import { registrationFor } from '../users/registrations.js';
import { type AuthenticationType, emailClaims, lifetimeSeconds } from './claims.js';
import { issuingKey } from './issuing-key.js';
import { populate } from './populate.js';
import { sign } from './signing-key.js';

interface ApiLogin {
  readonly tenant: TenantRecord;
  readonly application: ApplicationRecord | undefined;
  readonly user: UserRecord;
  readonly authenticationType: AuthenticationType;
  /** Id of the refresh token, when there is one. */
  readonly sid?: string | undefined;
}

/**
 * Issues the JWT of the Login API: no scope, no `gty`, and `aud`, `applicationId` and `roles` only for registered
 * users. `expiresAt` in milliseconds since the epoch.
 */
export async function issueLoginToken(
  instance: Instance,
  login: ApiLogin,
): Promise<{ token: string; expiresAt: number }> {
  const { tenant, application, user, authenticationType, sid } = login;
  const registration = registrationFor(user, application?.id);
  const iat = Math.floor(instance.now() / 1000);
  const claims = {
    exp: iat + lifetimeSeconds(login),
    iat,
    iss: tenant.issuer,
    sub: user.id,
    jti: randomUUID(),
    authenticationType,
    auth_time: iat,
    tid: tenant.id,
    ...emailClaims(user.user),
    ...(registration
      ? {
          aud: registration.applicationId,
          applicationId: registration.applicationId,
          roles: rolesOf(instance, user, registration),
        }
      : {}),
    ...(sid === undefined ? {} : { sid }),
    ...(instance.settings.tty ? { tty: 'at' } : {}),
  };
  const lambdaId = application?.lambdaConfiguration?.accessTokenPopulateId;
  const populated = populate(instance, { lambdaId, claims, user: user.user, registration, scopes: [] });
  const key = issuingKey(instance, login, 'accessTokenKeyId');
  return { token: await sign(key, populated), expiresAt: Number(populated['exp']) * 1000 };
}
