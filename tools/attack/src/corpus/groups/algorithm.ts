import { createPublicKey } from 'node:crypto';
import { mac, publicPem } from '../../../../issuer/src/signing-key.js';
import { bearer, group, type Presented } from '../kind.js';
import { encode, type Json, type Mint } from '../mint.js';

const kind = group('algorithm', { ids: ['JWT-1', 'JWT-2'] });
const confusion = { ids: ['JWT-1', 'JWT-2', 'JWT-5'] };

/** A good user's token that names another algorithm; the signature is RS256's, or as given. */
const named =
  (alg: unknown, signature?: string) =>
  (mint: Mint): Presented => {
    const token = mint.token({}, { alg });
    return bearer(signature === undefined ? token : token.replace(/[^.]*$/, signature));
  };

/** Signed by HMAC with something public as the secret. */
const hmac =
  (secretOf: (mint: Mint) => string | Buffer, alg = 'HS256', header: (mint: Mint) => Json = () => ({})) =>
  (mint: Mint): Presented => {
    const input = `${encode(mint.header({ alg, ...header(mint) }))}.${encode(mint.claims())}`;
    return bearer(`${input}.${mac(input, secretOf(mint), `sha${alg.slice(2)}`).toString('base64url')}`);
  };

const publicKey = ({ keys }: Mint) => createPublicKey(keys.good.rs256.privateKey);
const pem = ({ keys }: Mint) => publicPem(keys.good.rs256.privateKey);

export const algorithm = [
  kind(
    'none, without a signature',
    'RFC 8725 section 3.2: an unsigned token proves nothing',
    named('none', ''),
  ),
  kind(
    'none, with the signature left on',
    'RFC 8725 section 3.2: the algorithm is never the token’s choice',
    named('none'),
  ),
  kind(
    'None in other letters',
    'RFC 8725 section 3.1: a deny-list of spellings is dodged',
    named('None', ''),
  ),
  kind(
    'nOnE in other letters',
    'RFC 8725 section 3.1: a deny-list of spellings is dodged',
    named('nOnE', ''),
  ),
  kind(
    'none with a trailing space',
    'RFC 8725 section 3.1: an allow-list compares exactly',
    named('none ', ''),
  ),
  kind('no algorithm at all', 'RFC 7515 section 4.1.1: alg must be present', named(undefined)),
  kind('an empty algorithm', 'RFC 7515 section 4.1.1: alg is a name', named('')),
  kind('null as the algorithm', 'RFC 7515 section 4.1.1: alg is a string', named(null)),
  kind('a number as the algorithm', 'RFC 7515 section 4.1.1: alg is a string', named(256)),
  kind(
    'a list of algorithms',
    'RFC 7515 section 4.1.1: alg is a string, and loose comparison takes ["RS256"] for it',
    named(['RS256']),
  ),
  kind('an object as the algorithm', 'RFC 7515 section 4.1.1: alg is a string', named({ name: 'RS256' })),
  kind(
    'rs256 in small letters',
    'RFC 7515 section 4.1.1: names of algorithms are case-sensitive',
    named('rs256'),
  ),
  kind(
    'RS256 with a trailing space',
    'RFC 8725 section 3.1: an allow-list compares exactly',
    named('RS256 '),
  ),
  kind('a Java name for RS256', 'RFC 7518 section 3.1: only registered names', named('SHA256withRSA')),
  kind(
    'an XML signature’s name for RS256',
    'RFC 7518 section 3.1: only registered names',
    named('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'),
  ),
  kind('RS1, rightly signed with SHA-1', 'RFC 8725 section 3.2: SHA-1 is broken', ({ jws, header }) =>
    bearer(jws({ header: header({ alg: 'RS1' }), alg: 'RS1' })),
  ),
  kind(
    'RSA1_5, an encryption algorithm',
    'RFC 8725 section 3.2: not for signatures, and not for anything',
    named('RSA1_5'),
  ),
  kind('dir, an encryption algorithm', 'RFC 7516: nothing here is encrypted to us', named('dir')),
  kind(
    'PS256, rightly signed with a key for RS256',
    'RFC 8725 section 3.1: a key serves the one algorithm it is published for',
    ({ jws, header }) => bearer(jws({ header: header({ alg: 'PS256' }), alg: 'PS256' })),
  ),
  kind(
    'PS512, rightly signed with a key for RS256',
    'RFC 8725 section 3.1: a key serves the one algorithm it is published for',
    ({ jws, header }) => bearer(jws({ header: header({ alg: 'PS512' }), alg: 'PS512' })),
  ),
  kind(
    'RS512, rightly signed with a key for RS256',
    'RFC 8725 section 3.1: a key serves the one algorithm it is published for',
    ({ jws, header }) => bearer(jws({ header: header({ alg: 'RS512' }), alg: 'RS512' })),
  ),
  kind(
    'EdDSA by a key that the set does not list',
    'RFC 8725 section 3.8: a key of nobody',
    ({ token, keys }) => bearer(token({}, {}, keys.strangers.ed25519)),
  ),
  kind(
    'ES256 in the header, signed as RS256 under the RSA key’s id',
    'RFC 8725 section 3.1: algorithm and key must agree',
    named('ES256'),
  ),
  kind(
    'RS256 in the header, signed as ES256 under the EC key’s id',
    'RFC 8725 section 3.1: algorithm and key must agree',
    ({ jws, header, keys: { good } }) =>
      bearer(jws({ key: good.es256, header: header({ alg: 'RS256' }, good.es256) })),
  ),
  kind(
    'ES384 in the header, signed with SHA-384 on P-256',
    'RFC 7518 section 3.4: each ES algorithm has its curve',
    ({ jws, header, keys: { good } }) =>
      bearer(jws({ key: good.es256, alg: 'ES384', header: header({ alg: 'ES384' }, good.es256) })),
  ),
  kind(
    'RS256 in the header, signed with SHA-512',
    'RFC 7518 section 3.3: the hash is part of the algorithm',
    ({ jws }) => bearer(jws({ alg: 'RS512' })),
  ),
  kind(
    'RS256 in the header, signed by PSS',
    'RFC 7518 section 3.3: the padding is part of the algorithm',
    ({ jws }) => bearer(jws({ alg: 'PS256' })),
  ),
  kind(
    'HS256 with the public key in PEM as the secret',
    'RFC 8725 section 2.1: whoever reads the key set could sign',
    hmac(pem),
    confusion,
  ),
  kind(
    'HS256 with the public key in PEM without the last line break',
    'RFC 8725 section 2.1: whoever reads the key set could sign',
    hmac((mint) => pem(mint).trimEnd()),
    confusion,
  ),
  kind(
    'HS256 with the public key in DER as the secret',
    'RFC 8725 section 2.1: whoever reads the key set could sign',
    hmac((mint) => publicKey(mint).export({ type: 'spki', format: 'der' })),
    confusion,
  ),
  kind(
    'HS256 with the public key’s modulus as the secret',
    'RFC 8725 section 2.1: whoever reads the key set could sign',
    hmac(({ keys }) => Buffer.from(String(keys.good.rs256.jwk['n']), 'base64url')),
    confusion,
  ),
  kind(
    'HS256 with the published JWK as the secret',
    'RFC 8725 section 2.1: whoever reads the key set could sign',
    hmac(({ keys }) => JSON.stringify(keys.good.rs256.jwk)),
    confusion,
  ),
  kind(
    'HS384 with the public key in PEM as the secret',
    'RFC 8725 section 2.1: whoever reads the key set could sign',
    hmac(pem, 'HS384'),
    confusion,
  ),
  kind(
    'HS512 with an empty secret',
    'RFC 8725 section 3.5: no secret is none',
    hmac(() => '', 'HS512'),
    confusion,
  ),
  kind(
    'HS256 with a secret that people choose',
    'RFC 8725 section 3.5: secrets of people are guessed',
    hmac(() => 'secret'),
    confusion,
  ),
  kind(
    'HS256 with the key’s id as the secret',
    'RFC 8725 section 3.5: the id is public',
    hmac(({ keys }) => keys.good.rs256.kid),
    confusion,
  ),
  kind(
    'HS256 with the symmetric key that the set lists',
    'FusionAuth never lists one; whoever reads a listed one could sign',
    hmac(
      ({ keys }) => keys.symmetric.secret,
      'HS256',
      ({ keys }) => ({ kid: keys.symmetric.kid }),
    ),
    confusion,
  ),
];
