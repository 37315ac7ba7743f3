import { z } from 'zod';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId, requireRecord } from '../records.js';
import { searchRecords } from '../search.js';
import type { KeyRecord, State } from '../state/state.js';
import { generateKey, publicKeyPem } from '../tokens/signing-key.js';
import { announce } from '../webhooks/announce.js';
import { publicKeysUpdated } from '../webhooks/events.js';
import type { Key, KeyBody } from '../wire.js';
import { operation, operationsOn } from './operation.js';

const types = {
  ES256: 'EC',
  ES384: 'EC',
  ES512: 'EC',
  Ed25519: 'OKP',
  HS256: 'HMAC',
  HS384: 'HMAC',
  HS512: 'HMAC',
  RS256: 'RSA',
  RS384: 'RSA',
  RS512: 'RSA',
} as const;

const requestBody = z.looseObject({
  key: z.looseObject({
    algorithm: z.enum(Object.keys(types) as (keyof typeof types)[]),
    name: z.string().min(1),
    length: z.literal([2048, 3072, 4096]).optional(),
  }),
});

const renaming = z.looseObject({ key: z.looseObject({ name: z.string().min(1) }) });

/** `POST /api/key/generate[/{keyId}]`. */
async function createKey(request: ApiRequest, instance: Instance): Promise<Answer> {
  const { algorithm, name, length } = readBody(request, requestBody).key;
  if (types[algorithm] === 'RSA' && length === undefined)
    throw invalidField('key.length', 'missing', 'You must specify the [key.length] property.');
  const id = newId(request, 'keyId', instance.state.keys);
  const key = await generateKey({ id, algorithm, name, length }, instance.now());
  // Another request may have taken the id meanwhile.
  newId(request, 'keyId', instance.state.keys);
  instance.state.keys.set(id, key);
  return answer(key);
}

/** `GET /api/key/{keyId}`, or all without an id. */
function retrieveKey(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'keyId') !== undefined) return answer(existingKey(request, instance));
  return ok({ keys: [...instance.state.keys.values()].map(describe) } satisfies KeyBody);
}

/** `POST` and `GET /api/key/search`. */
function searchKeys(request: ApiRequest, { state }: Instance): Answer {
  const keys = [...state.keys.values()].map(describe);
  const { page, total } = searchRecords(request, keys, ['algorithm', 'name', 'type']);
  return ok({ keys: page, total });
}

/** `PUT /api/key/{keyId}`: only the name of a key can be changed. */
function updateKey(request: ApiRequest, instance: Instance): Answer {
  const key = { ...existingKey(request, instance), name: readBody(request, renaming).key.name };
  instance.state.keys.set(key.id, key);
  return answer(key);
}

/** `DELETE /api/key/{keyId}`: refused while something signs with it. */
async function deleteKey(request: ApiRequest, instance: Instance): Promise<Answer> {
  const { id } = existingKey(request, instance);
  if (isUsed(instance.state, id)) throw invalidField('keyId', 'inUse', 'Something signs with this key.');
  await announce(instance, publicKeysUpdated(instance, []), () => instance.state.keys.delete(id), request);
  return empty(200);
}

function isUsed({ applications, tenants, entityTypes, webhooks }: State, keyId: string): boolean {
  const issuers = [...applications.values(), ...tenants.values(), ...entityTypes.values()];
  return (
    issuers.some(({ jwtConfiguration = {} }) => Object.values(jwtConfiguration).includes(keyId)) ||
    [...webhooks.values()].some(
      ({ signatureConfiguration }) => signatureConfiguration?.signingKeyId === keyId,
    )
  );
}

const existingKey = (request: ApiRequest, { state }: Instance): KeyRecord =>
  requireRecord(request, 'keyId', state.keys);

const answer = (key: KeyRecord): Answer => ok({ key: describe(key) } satisfies KeyBody);

/** Returns the key for an answer, without its private part. */
const describe = (key: KeyRecord): Key => ({
  id: key.id,
  kid: key.kid,
  name: key.name,
  algorithm: key.algorithm,
  type: types[key.algorithm as keyof typeof types],
  length: key.length,
  hasPrivateKey: key.privateKey !== undefined,
  publicKey: publicKeyPem(key),
  insertInstant: key.insertInstant,
  lastUpdateInstant: key.insertInstant,
});

export const keyOperations = [
  operation('POST', '/api/key/generate/:keyId?', 'global-api-key', createKey),
  ...operationsOn('/api/key', 'keyId', 'global-api-key', {
    retrieve: retrieveKey,
    search: searchKeys,
    update: updateKey,
    remove: deleteKey,
  }),
];
