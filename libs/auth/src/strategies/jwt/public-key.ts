import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { isOfWeakClass } from './weak-modulus.js';

/** A key of the issuer's set, parsed. */
export interface PublicKey {
  readonly kid: string;
  readonly key: KeyObject;
  /** The algorithms that it may verify; a token that names another is refused (RFC 8725 section 3.1). */
  readonly algorithms: readonly string[];
}

const algorithmOfCurve: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

interface Given {
  readonly kid?: string | undefined;
  readonly alg?: string | undefined;
  /** SubjectPublicKeyInfo in PEM, or a JWK. */
  readonly key: string | JsonWebKeyInput;
}

/**
 * Returns a usable public key; undefined if it has no id, is of an unsupported kind, or is too weak: RSA needs 2,048
 * bits, an exponent of at least 65,537 (NIST SP 800-131A, RFC 8725 section 3.2), and a modulus outside the class
 * known to be factorable.
 */
export function publicKey({ kid, alg, key: given }: Given): PublicKey | undefined {
  if (!kid) return undefined;
  const key = createPublicKey(given);
  const suited = suitedAlgorithms(key);
  const algorithms = alg === undefined ? suited : suited.filter((algorithm) => algorithm === alg);
  return algorithms.length > 0 ? { kid, key, algorithms } : undefined;
}

/**
 * Maps keys by id. An id that several different keys of a set share is dropped, because it identifies none of them
 * (RFC 7517 section 4.5).
 */
export function byId(keys: readonly PublicKey[]): ReadonlyMap<string, PublicKey> {
  const named = new Map<string, PublicKey>();
  const ambiguous = new Set<string>();
  for (const key of keys) {
    const twin = named.get(key.kid);
    if (twin && !twin.key.equals(key.key)) ambiguous.add(key.kid);
    named.set(key.kid, key);
  }
  for (const kid of ambiguous) named.delete(kid);
  return named;
}

function suitedAlgorithms(key: KeyObject): readonly string[] {
  const { modulusLength = 0, publicExponent = 0n, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') {
    const strong = modulusLength >= 2048 && publicExponent >= 65_537n && !isOfWeakClass(modulusOf(key));
    return strong ? ['RS256', 'RS384', 'RS512'] : [];
  }
  const algorithm = algorithmOfCurve[namedCurve];
  return key.asymmetricKeyType === 'ec' && algorithm ? [algorithm] : [];
}

const modulusOf = (key: KeyObject): bigint =>
  BigInt(`0x${Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`);
