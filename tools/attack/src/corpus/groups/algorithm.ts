import { createPublicKey } from 'node:crypto';
import { type Json, mac, publicPem } from '../../../../issuer/src/signing-key.js';
import { encode } from '../../../../issuer/src/token-minter.js';
import { kinds } from '../kind.js';
import { type Make, sent, signed } from '../make.js';
import type { Mint } from '../mint.js';

/** Makes a valid user's token that names another algorithm; the signature is RS256's, or as given. */
const named = (alg: unknown, signature?: string): Make =>
  sent((mint) => {
    const token = mint.token({}, { alg });
    return signature === undefined ? token : token.replace(/[^.]*$/, signature);
  });

/** Signs correctly with the algorithm that the header names, with the issuer's RSA key. */
const signedBy = (alg: string): Make => signed(({ header }) => ({ header: header({ alg }), alg }));

/** Signs with HMAC, using something public as the secret. */
const hmac = (
  secretOf: (mint: Mint) => string | Buffer,
  alg = 'HS256',
  header: (mint: Mint) => Json = () => ({}),
): Make =>
  sent((mint) => {
    const input = `${encode(mint.header({ alg, ...header(mint) }))}.${encode(mint.claims())}`;
    return `${input}.${mac(input, secretOf(mint), `sha${alg.slice(2)}`).toString('base64url')}`;
  });

const pem = ({ keys }: Mint) => publicPem(keys.good.rs256.privateKey);
const der = ({ keys }: Mint) =>
  createPublicKey(keys.good.rs256.privateKey).export({ type: 'spki', format: 'der' });

export const algorithm = [
  ...kinds('algorithm', { ids: ['JWT-1', 'JWT-2'] })({
    'RFC 8725 section 3.2: an unsigned token proves nothing': {
      'none, without a signature': named('none', ''),
    },
    'RFC 8725 section 3.2: the token does not choose the algorithm': {
      'none, with a signature': named('none'),
    },
    'RFC 8725 section 3.1: a deny-list of spellings is easily circumvented': {
      'None, capitalized': named('None', ''),
      'nOnE, in mixed case': named('nOnE', ''),
    },
    'RFC 8725 section 3.1: an allow-list compares exactly': {
      'none with a trailing space': named('none ', ''),
      'RS256 with a trailing space': named('RS256 '),
    },
    'RFC 7515 section 4.1.1: alg must be present': { 'no algorithm at all': named(undefined) },
    'RFC 7515 section 4.1.1: alg is a name': { 'an empty algorithm': named('') },
    'RFC 7515 section 4.1.1: alg is a string': {
      'null as the algorithm': named(null),
      'a number as the algorithm': named(256),
      'an object as the algorithm': named({ name: 'RS256' }),
    },
    'RFC 7515 section 4.1.1: alg is a string, and loose comparison accepts ["RS256"]': {
      'a list of algorithms': named(['RS256']),
    },
    'RFC 7515 section 4.1.1: names of algorithms are case-sensitive': {
      'rs256 in lower case': named('rs256'),
    },
    'RFC 7518 section 3.1: only registered names': {
      'a Java name for RS256': named('SHA256withRSA'),
      'an XML signature’s name for RS256': named('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'),
    },
    'RFC 8725 section 3.2: SHA-1 is broken': { 'RS1, correctly signed with SHA-1': signedBy('RS1') },
    'RFC 8725 section 3.2: not for signatures, and not for anything': {
      'RSA1_5, an encryption algorithm': named('RSA1_5'),
    },
    'RFC 7516: nothing here is encrypted to us': { 'dir, an encryption algorithm': named('dir') },
    'RFC 8725 section 3.1: a key serves the one algorithm it is published for': {
      'PS256, correctly signed with a key for RS256': signedBy('PS256'),
      'PS512, correctly signed with a key for RS256': signedBy('PS512'),
      'RS512, correctly signed with a key for RS256': signedBy('RS512'),
    },
    'RFC 8725 section 3.8: a key that is not the issuer’s': {
      'EdDSA by a key that the set does not list': sent(({ token, keys }) =>
        token({}, {}, keys.strangers.ed25519),
      ),
    },
    'RFC 8725 section 3.1: algorithm and key must agree': {
      'ES256 in the header, signed as RS256 under the RSA key’s id': named('ES256'),
      'RS256 in the header, signed as ES256 under the EC key’s id': signed(({ header, keys: { good } }) => ({
        key: good.es256,
        header: header({ alg: 'RS256' }, good.es256),
      })),
    },
    'RFC 7518 section 3.4: each ES algorithm has its curve': {
      'ES384 in the header, signed with SHA-384 on P-256': signed(({ header, keys: { good } }) => ({
        key: good.es256,
        alg: 'ES384',
        header: header({ alg: 'ES384' }, good.es256),
      })),
    },
    'RFC 7518 section 3.3: the hash is part of the algorithm': {
      'RS256 in the header, signed with SHA-512': signed(() => ({ alg: 'RS512' })),
    },
    'RFC 7518 section 3.3: the padding is part of the algorithm': {
      'RS256 in the header, signed by PSS': signed(() => ({ alg: 'PS256' })),
    },
  }),
  ...kinds('algorithm', { ids: ['JWT-1', 'JWT-2', 'JWT-5'] })({
    'RFC 8725 section 2.1: anyone who reads the key set could sign': {
      'HS256 with the public key in PEM as the secret': hmac(pem),
      'HS256 with the public key in PEM without the last line break': hmac((mint) => pem(mint).trimEnd()),
      'HS256 with the public key in DER as the secret': hmac(der),
      'HS256 with the public key’s modulus as the secret': hmac(({ keys }) =>
        Buffer.from(String(keys.good.rs256.jwk['n']), 'base64url'),
      ),
      'HS256 with the published JWK as the secret': hmac(({ keys }) => JSON.stringify(keys.good.rs256.jwk)),
      'HS384 with the public key in PEM as the secret': hmac(pem, 'HS384'),
    },
    'RFC 8725 section 3.5: an empty secret is no secret': {
      'HS512 with an empty secret': hmac(() => '', 'HS512'),
    },
    'RFC 8725 section 3.5: secrets that people choose can be guessed': {
      'HS256 with a secret that people choose': hmac(() => 'secret'),
    },
    'RFC 8725 section 3.5: the id is public': {
      'HS256 with the key’s id as the secret': hmac(({ keys }) => keys.good.rs256.kid),
    },
    'FusionAuth never lists one; anyone who reads a listed one could sign': {
      'HS256 with the symmetric key that the set lists': hmac(
        ({ keys }) => keys.symmetric.secret,
        'HS256',
        ({ keys }) => ({ kid: keys.symmetric.kid }),
      ),
    },
  }),
];
