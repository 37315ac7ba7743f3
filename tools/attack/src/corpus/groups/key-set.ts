import { hash } from 'node:crypto';
import type { KeyRing } from '../../issuer/key-ring.js';
import { bearer, group, type Presented } from '../kind.js';
import { encode, type Json, type Mint } from '../mint.js';

const kind = group('key set', { ids: ['JWT-2', 'JWT-4'] });
const others = { ids: ['JWT-4', 'JWT-8'] };

/** Rightly signed by a key that the set lists but that must verify nothing. */
const by =
  (name: keyof KeyRing['flawed'], header: Json = {}, alg?: string) =>
  (mint: Mint): Presented => {
    const key = mint.keys.flawed[name];
    return bearer(mint.jws({ key, header: mint.header(header, key), ...(alg === undefined ? {} : { alg }) }));
  };

// ASN.1 of a SHA-256 DigestInfo (RFC 8017 section 9.2, note 1).
const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** What an RSA signature is before the private key is applied (RFC 8017 section 9.2). */
function paddedDigest(digest: Buffer, length: number): Buffer {
  const end = Buffer.concat([Buffer.from([0]), digestInfo, digest]);
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(length - end.length - 2, 0xff), end]);
}

/** With an exponent of one the signature is the padded digest itself: no private key is needed. */
const forged = (mint: Mint): Presented => {
  const input = `${encode(mint.header({}, mint.keys.flawed.exponent1))}.${encode(mint.claims())}`;
  return bearer(`${input}.${encode(paddedDigest(hash('sha256', input, 'buffer'), 256))}`);
};

export const keySet = [
  kind('an RSA key of 1,024 bits', 'RFC 7518 section 3.3: at least 2,048', by('short')),
  kind(
    'an RSA key with exponent 3',
    'RFC 8725 section 3.2: exponents below 65,537 are refused (SP 800-56B)',
    by('exponent3'),
    { owed: 'policy' },
  ),
  kind(
    'an RSA key of the class that can be factored',
    'CVE-2017-15361 (ROCA): known by its modulus alone, and then anyone may have the private key',
    by('weakClass'),
    { owed: 'policy' },
  ),
  kind(
    'an RSA key with exponent 1, and no private key at all',
    'RFC 8017 section 3.1: with e = 1 anyone signs',
    forged,
  ),
  kind(
    'a key for encryption (use)',
    'RFC 7517 section 4.2: use enc verifies no signature',
    by('encryption'),
    others,
  ),
  kind(
    'a key for encryption (key_ops)',
    'RFC 7517 section 4.3: without verify it verifies nothing',
    by('encryptionOnly'),
    others,
  ),
  kind(
    'a key for an encryption algorithm',
    'RFC 7517 section 4.4: alg is what the key is for',
    by('encryptionAlgorithm'),
    others,
  ),
  kind(
    'an RSA key published for HS256',
    'RFC 7517 section 4.4: alg is what the key is for',
    by('symmetricAlgorithm'),
    others,
  ),
  kind(
    'an RSA key published for HS256, used so',
    'RFC 8725 section 2.1: a public key is no secret',
    by('symmetricAlgorithm', { alg: 'HS256' }, 'RS256'),
    { ids: ['JWT-1', 'JWT-5'] },
  ),
  kind(
    'an EC key that says it is RSA',
    'RFC 7517 section 5: a key without its members is ignored',
    by('wrongType'),
    others,
  ),
  kind(
    'a P-256 key published for ES384',
    'RFC 7518 section 3.4: each ES algorithm has its curve',
    by('wrongCurveLabel'),
    others,
  ),
  kind(
    'a P-256 key published for ES384, used so',
    'RFC 7518 section 3.4: each ES algorithm has its curve',
    by('wrongCurveLabel', { alg: 'ES384' }, 'ES384'),
    others,
  ),
  kind(
    'a secp256k1 key published for ES256',
    'RFC 7518 section 3.4: ES256 is P-256',
    by('foreignCurve'),
    others,
  ),
  kind(
    'a point that is not on its curve',
    'RFC 8725 section 3.4: points are validated',
    by('offTheCurve'),
    others,
  ),
  kind(
    'a key published with its private part',
    'whoever reads the key set could sign',
    by('withPrivatePart'),
    others,
  ),
  kind(
    'one of two keys under one id, the first',
    'RFC 7517 section 4.5: an id that names two keys names none',
    by('twinOne'),
    { ...others, owed: 'policy' },
  ),
  kind(
    'one of two keys under one id, the second',
    'RFC 7517 section 4.5: an id that names two keys names none',
    by('twinTwo'),
    { ...others, owed: 'policy' },
  ),
  kind(
    'a key without an id, asked for by none',
    'FusionAuth names every key; without ids any key would do',
    by('withoutId', { kid: undefined }),
    { ...others, owed: 'policy' },
  ),
  kind(
    'a key without an id, asked for as undefined',
    'RFC 8725 section 3.10: the text undefined is an id like any other',
    by('withoutId', { kid: 'undefined' }),
    others,
  ),
  kind(
    'a key with an empty id',
    'FusionAuth names every key; an empty id is none',
    by('emptyId', { kid: '' }),
    { ...others, owed: 'policy' },
  ),
  kind(
    'a key whose id is a number, asked for as text',
    'RFC 7517 section 4.5: kid is a string',
    by('numericId', { kid: '7' }),
    others,
  ),
  kind(
    'a key whose id is a number, asked for so',
    'RFC 7517 section 4.5: kid is a string',
    by('numericId', { kid: 7 }),
    others,
  ),
];
