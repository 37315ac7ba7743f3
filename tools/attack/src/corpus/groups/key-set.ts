import { hash } from 'node:crypto';
import type { Json } from '../../../../issuer/src/signing-key.js';
import { encode } from '../../../../issuer/src/token-minter.js';
import type { KeyRing } from '../../issuer/key-ring.js';
import { kinds } from '../kind.js';
import { type Make, sent, signed } from '../make.js';

/** Signs correctly with a listed key that must verify nothing. */
const by = (name: keyof KeyRing['flawed'], header: Json = {}, alg?: string): Make =>
  signed((mint) => {
    const key = mint.keys.flawed[name];
    return { key, header: mint.header(header, key), ...(alg === undefined ? {} : { alg }) };
  });

// ASN.1 of a SHA-256 DigestInfo (RFC 8017 section 9.2, note 1).
const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Returns the input of the RSA private key operation (RFC 8017 section 9.2). */
function paddedDigest(digest: Buffer, length: number): Buffer {
  const end = Buffer.concat([Buffer.from([0]), digestInfo, digest]);
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(length - end.length - 2, 0xff), end]);
}

/** With an exponent of one the signature is the padded digest itself: no private key is needed. */
const forged = sent((mint) => {
  const input = `${encode(mint.header({}, mint.keys.flawed.exponent1))}.${encode(mint.claims())}`;
  return `${input}.${encode(paddedDigest(hash('sha256', input, 'buffer'), 256))}`;
});

const group = 'key set';
const weak = ['JWT-2', 'JWT-4'];
const others = ['JWT-4', 'JWT-8'];

export const keySet = [
  ...kinds(group, { ids: weak })({
    'RFC 7518 section 3.3: at least 2,048': { 'an RSA key of 1,024 bits': by('short') },
    'RFC 8017 section 3.1: with e = 1 anyone signs': {
      'an RSA key with exponent 1, and no private key at all': forged,
    },
  }),
  ...kinds(group, { ids: weak, owed: 'policy' })({
    'RFC 8725 section 3.2: exponents below 65,537 are refused (SP 800-56B)': {
      'an RSA key with exponent 3': by('exponent3'),
    },
    'CVE-2017-15361 (ROCA): recognizable by its modulus; anyone may have computed the private key': {
      'an RSA key of the class that can be factored': by('weakClass'),
    },
  }),
  ...kinds(group, { ids: ['JWT-1', 'JWT-5'] })({
    'RFC 8725 section 2.1: a public key is no secret': {
      'an RSA key published for HS256, used with HS256': by('symmetricAlgorithm', { alg: 'HS256' }, 'RS256'),
    },
  }),
  ...kinds(group, { ids: others })({
    'RFC 7517 section 4.2: use enc verifies no signature': { 'a key for encryption (use)': by('encryption') },
    'RFC 7517 section 4.3: without verify it verifies nothing': {
      'a key for encryption (key_ops)': by('encryptionOnly'),
    },
    'RFC 7517 section 4.4: alg is what the key is for': {
      'a key for an encryption algorithm': by('encryptionAlgorithm'),
      'an RSA key published for HS256': by('symmetricAlgorithm'),
    },
    'RFC 7517 section 5: a key without its members is ignored': {
      'an EC key that says it is RSA': by('wrongType'),
    },
    'RFC 7518 section 3.4: each ES algorithm has its curve': {
      'a P-256 key published for ES384': by('wrongCurveLabel'),
      'a P-256 key published for ES384, used with ES384': by('wrongCurveLabel', { alg: 'ES384' }, 'ES384'),
    },
    'RFC 7518 section 3.4: ES256 is P-256': { 'a secp256k1 key published for ES256': by('foreignCurve') },
    'RFC 8725 section 3.4: points are validated': { 'a point that is not on its curve': by('offTheCurve') },
    'anyone who reads the key set could sign': {
      'a key published with its private part': by('withPrivatePart'),
    },
    'RFC 8725 section 3.10: the text undefined is an id like any other': {
      'a key without an id, requested as undefined': by('withoutId', { kid: 'undefined' }),
    },
    'RFC 7517 section 4.5: kid is a string': {
      'a key whose id is a number, requested as a string': by('numericId', { kid: '7' }),
      'a key whose id is a number, requested as a number': by('numericId', { kid: 7 }),
    },
  }),
  ...kinds(group, { ids: others, owed: 'policy' })({
    'RFC 7517 section 4.5: an id that names two keys names none': {
      'one of two keys under one id, the first': by('twinOne'),
      'one of two keys under one id, the second': by('twinTwo'),
    },
    'FusionAuth names every key; without ids any key would do': {
      'a key without an id, requested without one': by('withoutId', { kid: undefined }),
    },
    'FusionAuth names every key; an empty id is none': {
      'a key with an empty id': by('emptyId', { kid: '' }),
    },
  }),
];
