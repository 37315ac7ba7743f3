import type { Instance } from '../instance.js';
import type { ApiKeyRecord, EntityGrantRecord, EntityRecord, KeyRecord, State } from '../state/state.js';
import { publicJwk } from '../tokens/signing-key.js';
import { mask, nameOfApiKey, nameOfUser } from './names.js';

interface KeyView {
  readonly kid: string;
  readonly name: string;
  readonly algorithm: string;
  /** Names of the applications and token kinds that this key signs. */
  readonly signsFor: readonly string[];
  readonly inKeySet: boolean;
  /** False for an HMAC key: it is never published, so it cannot be withdrawn. */
  readonly canBePublished: boolean;
}

interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly mask: string;
  readonly status: 'active' | 'not yet active' | 'expired' | 'deleted';
  readonly tenant: string | undefined;
  /** Methods by endpoint; empty means everything. */
  readonly permissions: readonly (readonly [endpoint: string, methods: readonly string[]])[];
  readonly keyManager: boolean;
}

interface ApplicationView {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  /** Their names, without the prefix of URNs. */
  readonly grants: readonly string[];
  readonly redirectUris: readonly string[];
  /** Lifetime of its access tokens in seconds, where the application sets one. */
  readonly tokenSeconds: number | undefined;
}

interface EntityView {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** The permissions that each recipient has on it. */
  readonly grants: readonly (readonly [recipient: string, permissions: readonly string[]])[];
}

export interface AccessView {
  readonly keys: readonly KeyView[];
  readonly apiKeys: readonly ApiKeyView[];
  readonly applications: readonly ApplicationView[];
  readonly entities: readonly EntityView[];
}

export const accessView = ({ state }: Instance, now: number): AccessView => ({
  keys: [...state.keys.values()].filter(({ shadow }) => !shadow).map((key) => keyView(state, key)),
  apiKeys: [...state.apiKeys.values()].map((key) => apiKeyView(state, key, now)),
  applications: [...state.applications.values()].map((application) => ({
    id: application.id,
    name: application.name,
    tenant: tenantName(state, application.tenantId),
    grants: application.oauthConfiguration.enabledGrants?.map((grant) => grant.replace(/^.*:/, '')) ?? [],
    redirectUris: application.oauthConfiguration.authorizedRedirectURLs ?? [],
    tokenSeconds: application.jwtConfiguration?.enabled
      ? application.jwtConfiguration.timeToLiveInSeconds
      : undefined,
  })),
  entities: [...state.entities.values()].map((entity) => entityView(state, entity)),
});

function keyView(state: State, key: KeyRecord): KeyView {
  return {
    kid: key.kid,
    name: key.name,
    algorithm: key.algorithm,
    signsFor: signsFor(state, key),
    inKeySet: publicJwk(key) !== undefined,
    canBePublished: key.privateKey !== undefined,
  };
}

function signsFor({ applications, tenants, entityTypes, webhooks }: State, { id }: KeyRecord): string[] {
  const issuers = [...applications.values(), ...tenants.values(), ...entityTypes.values()];
  const names = issuers.flatMap(({ name, jwtConfiguration = {} }) =>
    Object.values(jwtConfiguration).includes(id) ? [name] : [],
  );
  const isOfWebhooks = [...webhooks.values()].some(
    ({ signatureConfiguration }) => signatureConfiguration?.signingKeyId === id,
  );
  return [...new Set([...names, ...(isOfWebhooks ? ['webhooks'] : [])])];
}

function apiKeyView(state: State, key: ApiKeyRecord, now: number): ApiKeyView {
  return {
    id: key.id,
    name: nameOfApiKey(key),
    mask: mask(key.key),
    status: statusOf(key, now),
    tenant: key.tenantId === undefined ? undefined : tenantName(state, key.tenantId),
    permissions: Object.entries(key.permissions?.endpoints ?? {}).map(([endpoint, methods]) => [
      endpoint,
      methods ?? [],
    ]),
    keyManager: key.keyManager ?? false,
  };
}

function statusOf(
  { effectiveAt, removedAt = Infinity, expirationInstant = Infinity }: ApiKeyRecord,
  now: number,
): ApiKeyView['status'] {
  if (now >= removedAt) return 'deleted';
  if (now >= expirationInstant) return 'expired';
  return now < effectiveAt ? 'not yet active' : 'active';
}

function entityView(state: State, { id, name, typeId }: EntityRecord): EntityView {
  const grants = [...state.entityGrants.values()].filter(({ targetId }) => targetId === id);
  return {
    id,
    name,
    type: state.entityTypes.get(typeId)?.name ?? typeId,
    grants: grants.map((grant) => [recipientOf(state, grant), grant.permissions]),
  };
}

function recipientOf(state: State, { recipientEntityId = '', userId = '' }: EntityGrantRecord): string {
  const user = state.users.get(userId);
  return user ? nameOfUser(user) : (state.entities.get(recipientEntityId)?.name ?? recipientEntityId);
}

const tenantName = ({ tenants }: State, id: string): string => tenants.get(id)?.name ?? id;
