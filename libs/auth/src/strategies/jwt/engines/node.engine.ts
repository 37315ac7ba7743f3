import { createVerify, verify } from 'node:crypto';
import { maxTokenLength } from '../compact-token.js';
import type { Algorithm } from '../token-header.js';
import type { SignatureEngine } from './engine.js';

/** The digest of each algorithm (RFC 7518 section 3.1). */
const digests: Readonly<Record<Algorithm, string>> = {
  RS256: 'sha256',
  RS384: 'sha384',
  RS512: 'sha512',
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
};

/** Holds one signature at a time, because a verification ends before the next begins. */
const scratch = Buffer.allocUnsafeSlow(maxTokenLength);

/** Verifies with Node's own crypto: PKCS #1 v1.5 for RS*, the fixed-length form of RFC 7518 section 3.4 for ES*. */
export const nodeEngine: SignatureEngine = ({ text, alg, key: { key } }) => {
  const dot = text.lastIndexOf('.');
  const signed = text.slice(0, dot);
  const signature = scratch.subarray(0, scratch.write(text.slice(dot + 1), 'base64url'));
  // createVerify has less overhead than verify, and a bare key takes two thirds of the time of one in an object. But
  // it throws if the length of an elliptic-curve signature does not match the curve.
  return alg.startsWith('RS')
    ? createVerify(digests[alg]).update(signed).verify(key, signature)
    : verify(digests[alg], Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature);
};
