import { randomBytes, randomUUID } from 'node:crypto';
import { generateKey } from '../tokens/signing-key.js';
import type { KeyRecord, State } from './state.js';

/**
 * A new instance as FusionAuth installs itself: one default tenant that signs with HS256, so that its tokens cannot
 * be verified by the key set, and one unused RSA pair in the key set.
 */
export async function emptyState(defaultTenantId: string, now: number): Promise<State> {
  const hmacId = randomUUID();
  const rsa = await generateKey({ id: randomUUID(), name: 'Default RSA key', algorithm: 'RS256' }, now);
  const hmac = {
    id: hmacId,
    kid: randomBytes(5).toString('hex'),
    name: 'Default signing key',
    algorithm: 'HS256' as const,
    insertInstant: now,
    secret: randomBytes(32).toString('base64'),
  };
  const tenant = {
    id: defaultTenantId,
    name: 'Default',
    issuer: 'acme.com',
    insertInstant: now,
    lastUpdateInstant: now,
    jwtConfiguration: { accessTokenKeyId: hmacId, idTokenKeyId: hmacId, timeToLiveInSeconds: 3600 },
  };
  return {
    defaultTenantId,
    tenants: new Map([[tenant.id, tenant]]),
    keys: new Map<string, KeyRecord>([
      [hmac.id, hmac],
      [rsa.id, rsa],
    ]),
    ...emptyCollections(),
  };
}

/** What an instance may have none of. */
export const emptyCollections = () => ({
  applications: new Map(),
  users: new Map(),
  groups: new Map(),
  lambdas: new Map(),
  apiKeys: new Map(),
  refreshTokens: new Map(),
  userActions: new Map(),
  userActionLogs: new Map(),
  entityTypes: new Map(),
  entities: new Map(),
  entityGrants: new Map(),
  webhooks: new Map(),
  webhookEventLogs: new Map(),
  loginRecords: new Map(),
});
