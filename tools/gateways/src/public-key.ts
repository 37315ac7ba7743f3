import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { plainText } from './plain-text.js';

/** Algorithms that every gateway here verifies. */
export const algorithms = ['RS256', 'ES256'] as const;
export type Algorithm = (typeof algorithms)[number];

/** A key that verifies tokens. */
export interface PublicKey {
  readonly kid: string;
  readonly alg: Algorithm;
  /** SubjectPublicKeyInfo in PEM, the form that gateways read. */
  readonly pem: string;
}

const begin = '-----BEGIN PUBLIC KEY-----';

/**
 * Reads a key with which gateways verify. Throws an Error whose message says why the text is not one. A certificate is
 * refused although it contains a key: HAProxy 2.6 accepts the file silently and then refuses every token.
 */
export function readPem(text: string): KeyObject {
  if (text.includes('PRIVATE KEY')) throw new Error('contains a private key, which no gateway may have');
  if (text.includes('BEGIN CERTIFICATE'))
    throw new Error('contains a certificate: extract its key with openssl x509 -pubkey -noout');
  if (!text.trimStart().startsWith(begin)) throw new Error(`does not begin with ${begin}`);
  if (text.split(begin).length > 2) throw new Error('contains more than one key');
  try {
    return createPublicKey(text);
  } catch {
    throw new Error('contains no readable public key');
  }
}

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

/**
 * Returns the keys of a key set (RFC 7517 section 5) that fit one of our algorithms. Others are skipped, as a verifier
 * does. Throws an Error where there is none, or where an id cannot be written into a configuration.
 */
export function keysOf(answer: unknown): readonly PublicKey[] {
  const parsed = keySet.safeParse(answer);
  if (!parsed.success) throw new Error('is not a key set (RFC 7517)');
  const found = parsed.data.keys.flatMap((jwk) => keyOf(jwk) ?? []);
  if (found.length === 0) {
    throw new Error(
      'has no RS256 or ES256 key of at least 2,048 bits: give the application such a key (jwtConfiguration.accessTokenKeyId)',
    );
  }
  const kids = found.map(({ kid }) => kid);
  if (new Set(kids).size < kids.length) throw new Error('has two keys with the same id');
  return found.toSorted((one, other) => (one.kid < other.kid ? -1 : 1));
}

function keyOf(jwk: Readonly<Record<string, unknown>>): PublicKey | undefined {
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return undefined;
  const key = parsed(jwk);
  const alg = key && algorithms.find((one) => one === (jwk['alg'] ?? suits(key)) && one === suits(key));
  if (!key || !alg || jwk['kid'] === undefined) return undefined;
  const kid = plainText().safeParse(jwk['kid']);
  if (!kid.success) {
    const [issue] = kid.error.issues;
    throw new Error(`has a key whose id cannot be written into a configuration: it ${issue?.message ?? ''}`);
  }
  return { kid: kid.data, alg, pem: key.export({ type: 'spki', format: 'pem' }) as string };
}

function parsed(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/**
 * Returns the algorithm of a key; undefined for weaker keys, which NIST SP 800-131A and RFC 8725 section 3.2 refuse.
 */
function suits({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Algorithm | undefined {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa') return modulusLength >= 2048 ? 'RS256' : undefined;
  return namedCurve === 'prime256v1' ? 'ES256' : undefined;
}
