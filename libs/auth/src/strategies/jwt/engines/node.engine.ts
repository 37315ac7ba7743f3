import { verify } from 'node:crypto';
import { longestToken } from '../compact-token.js';
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

/** Holds the bytes of one token at a time: a verification ends before the next begins. */
const scratch = Buffer.allocUnsafe(longestToken);

/** Verifies with Node's own crypto: PKCS #1 v1.5 for RS*, the fixed-length form of RFC 7518 section 3.4 for ES*. */
export const nodeEngine: SignatureEngine = ({ text, alg, key, signature }) => {
  scratch.write(text, 'latin1');
  const signed = scratch.subarray(0, text.lastIndexOf('.'));
  return verify(digests[alg], signed, key.verifying, signature);
};
