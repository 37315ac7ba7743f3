import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { empty, ok, type Answer } from '../answer.js';
import { idParam, readBody } from '../body.js';
import { invalidField, notFound } from '../errors.js';
import type { KeyRecord } from '../state/state.js';
import { generateKey, publicKeyPem } from '../tokens/signing-key.js';
import type { Key, KeyBody } from '../wire.js';
import type { Call, World } from '../world.js';

const algorithms = [
  'ES256',
  'ES384',
  'ES512',
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'Ed25519',
] as const;

const request = z.looseObject({
  key: z.looseObject({
    algorithm: z.enum(algorithms),
    name: z.string().min(1),
    length: z.union([z.literal(2048), z.literal(3072), z.literal(4096)]).optional(),
  }),
});

/** `POST /api/key/generate[/{keyId}]`. */
export async function createKey(call: Call, world: World): Promise<Answer> {
  const id = idParam(call, 'keyId') ?? randomUUID();
  const { algorithm, name, length } = readBody(call, request).key;
  if (world.state.keys.has(id)) throw invalidField('keyId', 'duplicate', 'This key exists.');
  const key = await generateKey({ id, algorithm, name, length }, world.now());
  world.state.keys.set(id, key);
  return ok<KeyBody>({ key: describe(key) });
}

/** `GET /api/key/{keyId}`; private parts never leave. */
export function retrieveKey(call: Call, world: World): Answer {
  return ok<KeyBody>({ key: describe(existingKey(call, world)) });
}

/** `DELETE /api/key/{keyId}`: refused while an application or a tenant signs with it. */
export function deleteKey(call: Call, world: World): Answer {
  const { id } = existingKey(call, world);
  const users = [...world.state.tenants.values(), ...world.state.applications.values()];
  const inUse = users.some(({ jwtConfiguration: { accessTokenKeyId, idTokenKeyId } = {} }) =>
    [accessTokenKeyId, idTokenKeyId].includes(id),
  );
  if (inUse) throw invalidField('keyId', 'inUse', 'Tokens are still signed with this key.');
  world.state.keys.delete(id);
  return empty(200);
}

function existingKey(call: Call, world: World): KeyRecord {
  const key = world.state.keys.get(idParam(call, 'keyId') ?? '');
  if (!key) throw notFound();
  return key;
}

function describe(key: KeyRecord): Key {
  const { id, kid, name, algorithm, length, insertInstant } = key;
  const type = ({ H: 'HMAC', R: 'RSA', E: 'EC' } as const)[algorithm[0] as 'H' | 'R' | 'E'];
  return {
    id,
    kid,
    name,
    algorithm,
    length: type === 'RSA' ? (length ?? 2048) : undefined,
    type: algorithm === 'Ed25519' ? 'OKP' : type,
    hasPrivateKey: key.privateKey !== undefined,
    publicKey: publicKeyPem(key),
    insertInstant,
    lastUpdateInstant: insertInstant,
  };
}
