import { randomBytes, randomUUID } from 'node:crypto';
import { shippedRecords } from '../stored/kinds.js';
import { tenantDefaults } from '../tenants/defaults.js';
import { generateKey, shadowKeys } from '../tokens/signing-key.js';
import { withDefaults } from './defaults.js';
import type { Installation } from './installation.js';
import { ownApplications } from './own-applications.js';
import type { KeyRecord, LambdaRecord, State, TenantRecord } from './state.js';

/**
 * Returns a new instance as FusionAuth installs itself: one default tenant that signs with HS256, so that its tokens
 * cannot be verified by the key set, one unused RSA pair in the key set, the keys that represent client secrets, and
 * FusionAuth's own applications.
 */
export async function emptyState(ids: Installation, now: number): Promise<State> {
  const rsa = await generateKey({ id: randomUUID(), name: 'Default RSA key', algorithm: 'RS256' }, now);
  const hmac = {
    id: ids.signingKeyId,
    kid: randomBytes(5).toString('hex'),
    name: 'Default signing key',
    algorithm: 'HS256' as const,
    insertInstant: now,
    secret: randomBytes(32).toString('base64'),
  };
  const tenant: TenantRecord = withDefaults(
    {
      id: ids.defaultTenantId,
      name: 'Default',
      issuer: tenantDefaults.issuer,
      insertInstant: now,
      lastUpdateInstant: now,
      jwtConfiguration: { accessTokenKeyId: hmac.id, idTokenKeyId: hmac.id },
    },
    tenantDefaults,
  );
  return {
    ...emptyCollections(),
    defaultTenantId: tenant.id,
    tenants: new Map([[tenant.id, tenant]]),
    keys: byId<KeyRecord>([hmac, rsa, ...shadowKeys(now)]),
    applications: byId(ownApplications(ids, now)),
    lambdas: byId(defaultLambdas(ids, now)),
    kept: shippedRecords(now),
  };
}

export const defaultLambdaName = (type = ''): string => `Default ${type}`;

/** Returns FusionAuth's default lambda for each kind of identity provider; they change nothing. */
const defaultLambdas = ({ lambdaIds }: Installation, now: number): LambdaRecord[] =>
  Object.entries(lambdaIds).map(([type, id]) => ({
    id,
    name: defaultLambdaName(type),
    type: type as keyof Installation['lambdaIds'],
    body: 'function reconcile(user, registration) {}',
    debug: false,
    engineType: 'GraalJS',
    insertInstant: now,
    lastUpdateInstant: now,
  }));

const byId = <Item extends { id: string }>(items: readonly Item[]): Map<string, Item> =>
  new Map(items.map((item) => [item.id, item]));

/** Returns the collections that may be empty. */
export const emptyCollections = () => ({
  applications: new Map(),
  users: new Map(),
  families: new Map(),
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
  kept: new Map(),
});
