import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { visible } from '../access/tenant.js';
import { empty, ok, type Answer } from '../answer.js';
import { idParam, readBody } from '../body.js';
import { invalidField, notFound, unauthorized } from '../errors.js';
import type { ApiKeyRecord } from '../state/state.js';
import type { ApiKey, ApiKeyBody } from '../wire.js';
import type { Call, World } from '../world.js';

const request = z.looseObject({
  apiKey: z.looseObject({
    key: z.string().min(1).optional(),
    name: z.string().optional(),
    tenantId: z.guid().toLowerCase().optional(),
    retrievable: z.boolean().default(true),
    expirationInstant: z.number().int().optional(),
    metaData: z.looseObject({}).optional(),
    permissions: z.object({ endpoints: z.record(z.string(), z.array(z.string())) }).optional(),
  }),
});

/** `POST /api/api-key[/{keyId}]`, for key managers; the new key may do no more than the manager's own. */
export function createApiKey(call: Call, world: World): Answer {
  const id = idParam(call, 'keyId') ?? randomUUID();
  const { apiKey } = readBody(call, request);
  const { key = randomBytes(32).toString('base64url'), retrievable, name } = apiKey;
  const manager = call.apiKey as ApiKeyRecord;
  const tenantId = apiKey.tenantId ?? manager.tenantId;
  if (!covers(manager, { ...apiKey, tenantId })) throw unauthorized();
  if (!retrievable && !name)
    throw invalidField('apiKey.name', 'blank', 'A key that is not retrievable needs a name.');
  const others = [...world.state.apiKeys.values()];
  if (world.state.apiKeys.has(id) || others.some((other) => other.key === key)) {
    throw invalidField('apiKey.key', 'duplicate', 'This API key exists.');
  }
  const now = world.now();
  const { keyCacheDelaySeconds } = world.settings;
  const record: ApiKeyRecord = {
    ...pick(apiKey),
    id,
    key,
    ...(tenantId === undefined ? {} : { tenantId }),
    keyManager: false,
    insertInstant: now,
    lastUpdateInstant: now,
    effectiveAt: now + keyCacheDelaySeconds * 1000,
  };
  world.state.apiKeys.set(id, record);
  return ok({ apiKey: { ...describe(record), key } } satisfies ApiKeyBody);
}

/** `GET /api/api-key/{keyId}`. */
export function retrieveApiKey(call: Call, world: World): Answer {
  return ok({ apiKey: describe(existingKey(call, world)) } satisfies ApiKeyBody);
}

/** `DELETE /api/api-key/{keyId}`: the key works on until the cache delay has passed. */
export function deleteApiKey(call: Call, world: World): Answer {
  const key = existingKey(call, world);
  key.removedAt = world.now() + world.settings.keyCacheDelaySeconds * 1000;
  return empty(200);
}

function existingKey(call: Call, world: World): ApiKeyRecord {
  const key = world.state.apiKeys.get(idParam(call, 'keyId') ?? '');
  if (!key || key.removedAt !== undefined) throw notFound();
  const manager = call.apiKey as ApiKeyRecord;
  if (manager.tenantId !== undefined) visible(call, world, key);
  if (!covers(manager, key)) throw unauthorized();
  return key;
}

/** Whether `manager` has every right of `key`; no listed permission at all means all of them. */
function covers(manager: ApiKey, key: Pick<ApiKey, 'permissions' | 'tenantId'>): boolean {
  if (manager.tenantId !== undefined && manager.tenantId !== key.tenantId) return false;
  const [own, wanted] = [manager, key].map(
    ({ permissions }) => (permissions?.endpoints ?? {}) as Record<string, string[]>,
  );
  if (Object.keys(own ?? {}).length === 0) return true;
  const entries = Object.entries(wanted ?? {});
  return (
    entries.length > 0 &&
    entries.every(([endpoint, methods]) => methods.every((method) => own?.[endpoint]?.includes(method)))
  );
}

const pick = ({ name, retrievable, expirationInstant, metaData, permissions }: ApiKey): ApiKey => ({
  name,
  retrievable,
  expirationInstant,
  metaData,
  permissions,
});

/** The key's value is shown again only when it is retrievable. */
function describe({ effectiveAt: _effective, removedAt: _removed, key, ...rest }: ApiKeyRecord): ApiKey {
  return rest.retrievable === false ? rest : { ...rest, key };
}
