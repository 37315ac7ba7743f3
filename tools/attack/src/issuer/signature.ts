import { constants, createHmac, type KeyObject, sign } from 'node:crypto';

/** A key that signs, and what the key set says of it. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  /** As published; undefined for a key that no key set lists. */
  readonly jwk?: Readonly<Record<string, unknown>> | undefined;
}

/** A JWS signature (RFC 7518 section 3) by whatever algorithm is named, fitting or not. */
export function signature(alg: string, input: string, key: KeyObject): Buffer {
  const data = Buffer.from(input);
  const hash = `sha${/\d+/.exec(alg)?.[0] ?? '256'}`;
  switch (alg.slice(0, 2)) {
    case 'PS':
      return sign(hash, data, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'ES':
      return sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
    case 'Ed':
      return sign(null, data, key);
    default:
      return sign(hash, data, key);
  }
}

/** HMAC with any secret, an empty one included. */
export const mac = (input: string, secret: string | Buffer, hash = 'sha256'): Buffer =>
  createHmac(hash, secret).update(input).digest();

// ASN.1 of a SHA-256 DigestInfo (RFC 8017 section 9.2, note 1).
const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** What an RSA signature is before the private key is applied (RFC 8017 section 9.2). With e = 1 it is the signature. */
export function paddedDigest(digest: Buffer, length: number): Buffer {
  const end = Buffer.concat([Buffer.from([0]), digestInfo, digest]);
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(length - end.length - 2, 0xff), end]);
}
