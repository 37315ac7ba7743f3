import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { covers } from '../access/api-key.js';
import { requireVisible } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok, unauthorized } from '../answer.js';
import { idParam, readBody, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { requireUnique } from '../records.js';
import type { ApiKeyRecord } from '../state/state.js';
import type { ApiKey, ApiKeyBody } from '../wire.js';
import { operationsOn } from './operation.js';

// The API key endpoint itself cannot be permitted: only `keyManager` allows it.
const endpoints = z
  .record(z.string(), z.array(z.string()))
  .transform(({ '/api/api-key': _keys, ...others }) => others);

const fields = z.looseObject({
  key: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  tenantId: z.guid().toLowerCase().optional(),
  retrievable: z.boolean().optional(),
  // Null removes an expiry.
  expirationInstant: z
    .int()
    .nullish()
    .transform((instant) => instant ?? undefined),
  metaData: z.looseObject({}).optional(),
  permissions: z.looseObject({ endpoints: endpoints.optional() }).optional(),
});
const requestBody = z.looseObject({ apiKey: fields });
const creation = z.looseObject({
  apiKey: fields.prefault({}),
  sourceKeyId: z.guid().toLowerCase().optional(),
});

/** `POST /api/api-key[/{keyId}]`, for key managers; the new key may not do more than the manager's own. */
function createApiKey(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'keyId') ?? randomUUID();
  const { apiKey, sourceKeyId } = readBody(request, creation);
  const source = sourceKeyId === undefined ? {} : settable(existingKey(request, instance, sourceKeyId));
  // A name is unique, so it is not copied.
  const wanted = { ...source, name: undefined, ...apiKey };
  const { key = randomBytes(32).toString('base64url'), retrievable = true } = wanted;
  if (!retrievable && !wanted.name)
    throw invalidField('apiKey.name', 'blank', 'A key that is not retrievable needs a name.');

  if (livingKeys(instance).some((other) => other.id === id || other.key === key))
    throw invalidField('apiKey.key', 'duplicate', 'This API key exists.');

  const now = instance.now();
  const tenantId = wanted.tenantId ?? (request.apiKey as ApiKeyRecord).tenantId;
  const effectiveAt = now + instance.settings.keyCacheDelaySeconds * 1000;
  const fixed = { id, key, tenantId, retrievable, keyManager: false, insertInstant: now, effectiveAt };
  const record = store(request, instance, wanted, fixed);
  return ok({ apiKey: { ...describe(record), key } } satisfies ApiKeyBody);
}

/** `GET /api/api-key/{keyId}`. */
const retrieveApiKey = (request: ApiRequest, instance: Instance): Answer =>
  answer(existingKey(request, instance));

/** `PUT /api/api-key/{keyId}`: replaces the changeable fields of a key, which are all but its value and tenant. */
function updateApiKey(request: ApiRequest, instance: Instance): Answer {
  return answer(
    update(request, instance, existingKey(request, instance), readBody(request, requestBody).apiKey),
  );
}

/** `PATCH /api/api-key/{keyId}`. */
function patchApiKey(request: ApiRequest, instance: Instance): Answer {
  const existing = existingKey(request, instance);
  const { apiKey } = readPatch(request, requestBody, 'apiKey', existing);
  return answer(update(request, instance, existing, apiKey));
}

/** `DELETE /api/api-key/{keyId}`: the key works until the cache delay has passed. */
function deleteApiKey(request: ApiRequest, instance: Instance): Answer {
  const key = existingKey(request, instance);
  key.removedAt = instance.now() + instance.settings.keyCacheDelaySeconds * 1000;
  return empty(200);
}

/** Returns the keys that are not deleted; a deleted one may still be in a cache. */
const livingKeys = ({ state }: Instance): ApiKeyRecord[] =>
  [...state.apiKeys.values()].filter(({ removedAt }) => removedAt === undefined);

function update(
  request: ApiRequest,
  instance: Instance,
  existing: ApiKeyRecord,
  wanted: ApiKey,
): ApiKeyRecord {
  for (const name of ['key', 'tenantId', 'retrievable'] as const) {
    if (wanted[name] !== undefined && wanted[name] !== existing[name])
      throw invalidField(`apiKey.${name}`, 'immutable', `The ${name} of a key cannot be changed.`);
  }
  const { id, key, tenantId, retrievable, keyManager, insertInstant, effectiveAt } = existing;
  const fixed = { id, key, tenantId, retrievable, keyManager, insertInstant, effectiveAt };
  return store(request, instance, wanted, fixed);
}

type Fixed = Pick<ApiKeyRecord, 'id' | 'key' | 'tenantId' | 'effectiveAt'>;

function store(request: ApiRequest, instance: Instance, wanted: ApiKey, fixed: Fixed): ApiKeyRecord {
  const record = { ...settable(wanted), ...fixed, lastUpdateInstant: instance.now() };
  if (!covers(request.apiKey as ApiKeyRecord, record)) throw unauthorized();
  if (record.tenantId !== undefined && !instance.state.tenants.has(record.tenantId))
    throw invalidField('apiKey.tenantId', 'invalid', 'There is no such tenant.');
  requireUnique(livingKeys(instance), record, 'name', 'apiKey.name');
  instance.state.apiKeys.set(fixed.id, record);
  return record;
}

function existingKey(request: ApiRequest, instance: Instance, id = idParam(request, 'keyId')): ApiKeyRecord {
  const key = instance.state.apiKeys.get(id ?? '');
  if (!key || key.removedAt !== undefined) throw notFound();
  const manager = request.apiKey as ApiKeyRecord;
  if (manager.tenantId !== undefined) requireVisible(request, instance, key);
  if (!covers(manager, key)) throw unauthorized();
  return key;
}

const settable = ({ name, expirationInstant, metaData, permissions }: ApiKey): ApiKey => ({
  name,
  expirationInstant,
  metaData,
  permissions,
});

/** Returns the key for an answer, with its value only when it is retrievable. */
function describe({ effectiveAt: _effective, removedAt: _removed, key, ...rest }: ApiKeyRecord): ApiKey {
  return rest.retrievable === false ? rest : { ...rest, key };
}

const answer = (key: ApiKeyRecord): Answer => ok({ apiKey: describe(key) } satisfies ApiKeyBody);

export const apiKeyOperations = operationsOn('/api/api-key', 'keyId', 'api-key', {
  create: createApiKey,
  retrieveOne: retrieveApiKey,
  update: updateApiKey,
  patch: patchApiKey,
  remove: deleteApiKey,
});
