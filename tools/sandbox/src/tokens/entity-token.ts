import { randomUUID } from 'node:crypto';
import type { Instance } from '../instance.js';
import type { EntityRecord, TenantRecord } from '../state/state.js';
import { issuingKey } from './issuing-key.js';
import { sign } from './signing-key.js';

/** Permissions by the id of the entity they are for. */
export type EntityPermissions = Record<string, string[]>;

/**
 * Issues the token of an entity for its targets; key and lifetime come from the calling entity's type, else the tenant.
 * Without targets the token has no `aud` and no `permissions`.
 */
export async function issueEntityToken(
  instance: Instance,
  entity: EntityRecord,
  permissions: EntityPermissions,
  scope: string | undefined,
): Promise<{ token: string; expiresInSeconds: number }> {
  const tenant = instance.state.tenants.get(entity.tenantId) as TenantRecord;
  const ofType = instance.state.entityTypes.get(entity.typeId)?.jwtConfiguration;
  const configuration = (ofType?.enabled ? ofType : tenant.jwtConfiguration) ?? {};
  const expiresInSeconds = configuration.timeToLiveInSeconds ?? 3600;
  const targets = Object.keys(permissions);
  const iat = Math.floor(instance.now() / 1000);
  const claims = {
    ...(targets.length === 0 ? {} : { aud: targets.length === 1 ? targets[0] : targets, permissions, scope }),
    exp: iat + expiresInSeconds,
    iat,
    iss: tenant.issuer,
    sub: entity.id,
    jti: randomUUID(),
    tid: tenant.id,
  };
  const ofTypeKey = ofType?.enabled ? instance.state.keys.get(ofType.accessTokenKeyId ?? '') : undefined;
  const key = ofTypeKey ?? issuingKey(instance, { tenant }, 'accessTokenKeyId');
  const token = await sign(key, claims, ['client_credentials']);
  return { token, expiresInSeconds };
}
