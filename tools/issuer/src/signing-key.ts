import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';
import { promisify } from 'node:util';

export type Json = Readonly<Record<string, unknown>>;

/** A signing key, and its member of the key set. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  /** As published; undefined for a key that is in no key set. */
  readonly jwk?: Json | undefined;
}

export const rsaKey = (modulusLength = 2048, publicExponent = 0x10001): KeyObject =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey;
export const ecKey = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey;

export const publicJwk = (key: KeyObject): JsonWebKey => createPublicKey(key).export({ format: 'jwk' });

/** SubjectPublicKeyInfo in PEM. */
export const publicPem = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string;

/** Returns a key as FusionAuth publishes it; `changes` replace members, and undefined removes one. */
export function publishedKey(alg: string, privateKey: KeyObject, changes: Json = {}) {
  const members = { ...publicJwk(privateKey), kid: randomUUID(), use: 'sig', alg, ...changes };
  const jwk = JSON.parse(JSON.stringify(members)) as Json;
  const kid = typeof jwk['kid'] === 'string' ? jwk['kid'] : randomUUID();
  return { kid, alg, privateKey, jwk } satisfies SigningKey;
}

/** Returns a JWS signature (RFC 7518 section 3) by the named algorithm, even where it does not fit the key. */
export const signature = (alg: string, input: string, key: KeyObject): Buffer =>
  sign(hashOf(alg), Buffer.from(input), schemeOf(alg, key));

const signOnPool = promisify(sign);

/** Does the same on Node's thread pool, and so on every core. */
export const signatureOnPool = (alg: string, input: string, key: KeyObject): Promise<Buffer> =>
  signOnPool(hashOf(alg), Buffer.from(input), schemeOf(alg, key));

const hashOf = (alg: string): string | null =>
  alg.startsWith('Ed') ? null : `sha${/\d+/.exec(alg)?.[0] ?? '256'}`;

function schemeOf(alg: string, key: KeyObject) {
  if (alg.startsWith('ES')) return { key, dsaEncoding: 'ieee-p1363' as const };
  if (!alg.startsWith('PS')) return { key };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

/** HMAC with any secret, including an empty one. */
export const mac = (input: string, secret: string | Buffer, hash = 'sha256'): Buffer =>
  createHmac(hash, secret).update(input).digest();
