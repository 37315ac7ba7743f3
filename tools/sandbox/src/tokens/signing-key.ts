import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import type { Instance } from '../instance.js';
import type { KeyRecord } from '../state/state.js';
import type { JsonWebKey, KeyAlgorithm } from '../wire.js';
import type { Claims } from './populate.js';

const generate = promisify(generateKeyPair);

const curves: Partial<Record<KeyAlgorithm, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

interface NewKey {
  readonly id: string;
  readonly name: string;
  readonly algorithm: KeyAlgorithm;
  /** Bits of an RSA modulus; 2048 when omitted. */
  readonly length?: number | undefined;
}

/** Generates a signing key; its `kid` has the form FusionAuth gives it (27 characters, HMAC 10 hexadecimal digits). */
export async function generateKey(wanted: NewKey, now: number): Promise<KeyRecord> {
  const base = { ...wanted, insertInstant: now };
  if (wanted.algorithm.startsWith('HS')) {
    const bytes = Number(wanted.algorithm.slice(2)) / 8;
    return { ...base, kid: randomBytes(5).toString('hex'), secret: randomBytes(bytes).toString('base64') };
  }
  const { privateKey, publicKey } = await generatePair(wanted);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    ...base,
    kid: createHash('sha1').update(der).digest('base64url'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const defaultLength = 2048;
const ahead: Promise<Pair>[] = [];

/** Starts generating RSA pairs of 2048 bits in parallel, which the next keys then use. Each takes up to 0.3 s. */
export function makeRsaPairsAhead(count: number): void {
  while (ahead.length < count) ahead.push(generate('rsa', { modulusLength: defaultLength }));
}

function generatePair({ algorithm, length = defaultLength }: NewKey): Promise<Pair> {
  const namedCurve = curves[algorithm];
  if (namedCurve) return generate('ec', { namedCurve });
  if (algorithm === 'Ed25519') return generate('ed25519');
  const made = length === defaultLength ? ahead.shift() : undefined;
  return made ?? generate('rsa', { modulusLength: length });
}

const shadowKeyIds = {
  HS256: '092dbedc-30af-4149-9c61-b578f2c72f59',
  HS384: '4b8f1c06-518e-45bd-9ac5-d549686ae02a',
  HS512: 'c753a44d-7f2e-48d3-bc4e-c2c16488a23b',
} as const;

/** Returns FusionAuth's fixed keys that sign with the secret of the client (OpenID Connect Core 1.0 section 10.1). */
export const shadowKeys = (now: number): KeyRecord[] =>
  Object.entries(shadowKeyIds).map(([algorithm, id]) => ({
    id,
    kid: randomBytes(5).toString('hex'),
    name: `OpenID Connect compliant HMAC using SHA-${algorithm.slice(2)}`,
    algorithm: algorithm as KeyAlgorithm,
    insertInstant: now,
    shadow: true,
  }));

// Parsing a PEM costs more than a signature with the parsed key.
const parsed = new WeakMap<KeyRecord, KeyObject>();

function signingKey(key: KeyRecord): KeyObject {
  const known = parsed.get(key);
  if (known) return known;
  const object = key.privateKey
    ? createPrivateKey(key.privateKey)
    : createSecretKey(Buffer.from(key.secret ?? '', 'base64'));
  parsed.set(key, object);
  return object;
}

const verifying = new WeakMap<KeyRecord, KeyObject>();

/** Returns the public half; for an HMAC key the secret itself. */
export function verificationKey(key: KeyRecord): KeyObject {
  const known = verifying.get(key);
  if (known) return known;
  const object = key.privateKey ? createPublicKey(signingKey(key)) : signingKey(key);
  verifying.set(key, object);
  return object;
}

export function publicKeyPem(key: KeyRecord): string | undefined {
  return key.privateKey
    ? (verificationKey(key).export({ type: 'spki', format: 'pem' }) as string)
    : undefined;
}

/** Returns the key's member of the key set; undefined for a key that is not published (RFC 7517; HMAC, withdrawn). */
export function publicJwk(key: KeyRecord): JsonWebKey | undefined {
  if (!key.privateKey || key.withdrawn) return undefined;
  const { kty, n, e, crv, x, y } = verificationKey(key).export({ format: 'jwk' });
  return {
    alg: algorithmOf(key),
    kid: key.kid,
    kty,
    use: 'sig',
    ...(n ? { n, e } : {}),
    ...(crv ? { crv, x } : {}),
    ...(y ? { y } : {}),
  };
}

export function keyOf(instance: Instance, keyId: string | undefined): KeyRecord {
  const key = keyId === undefined ? undefined : instance.state.keys.get(keyId);
  if (!key) throw new Error(`signing key ${keyId ?? ''} does not exist`);
  return key;
}

/** Returns the JWS algorithm of a key (RFC 7518 section 3.1, RFC 8037 section 3.1). */
export const algorithmOf = ({ algorithm }: KeyRecord): string =>
  algorithm === 'Ed25519' ? 'EdDSA' : algorithm;

/** Signs a token; `gty`, the grants that led to it, is missing from tokens of the Login API. */
export function sign(key: KeyRecord, claims: Claims, gty?: readonly string[]): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({
      alg: algorithmOf(key),
      typ: 'JWT',
      kid: key.kid,
      ...(gty ? { gty: [...gty] } : {}),
    })
    .sign(signingKey(key));
}
