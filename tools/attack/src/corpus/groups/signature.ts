import type { SigningKey } from '../../../../issuer/src/signing-key.js';
import { bearer, group, type Presented } from '../kind.js';
import { encode, type Mint } from '../mint.js';

const kind = group('signature', { ids: ['JWT-3', 'JWT-4'] });
const swapped = { ids: ['JWT-3', 'JWT-8'] };

type Change = (signature: Buffer) => Buffer;

/** A good token with another signature; `es256` has two numbers of 32 bytes, RS256 one of 256. */
const resigned =
  (change: Change, by: 'rs256' | 'es256' = 'rs256') =>
  (mint: Mint): Presented => {
    const [header, claims, signature] = mint.token({}, {}, mint.keys.good[by]).split('.') as [
      string,
      string,
      string,
    ];
    return bearer(`${header}.${claims}.${encode(change(Buffer.from(signature, 'base64url')))}`);
  };

/** An ECDSA signature of these two numbers. */
const numbers =
  (r: Buffer, s: Buffer): Change =>
  () =>
    Buffer.concat([r, s]);
const zero = Buffer.alloc(32);
const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
// The order of P-256 (SP 800-186).
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

/** The same two numbers in ASN.1, as every other use of ECDSA spells them. */
const der: Change = (signature) => {
  const integer = (bytes: Buffer) => {
    const text = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
    return Buffer.concat([Buffer.from([2, text.length]), text]);
  };
  const body = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
};

const flipped = (signature: Buffer, at: number): Buffer => {
  const copy = Buffer.from(signature);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

/** Signed by one key, presented under the id of another. */
const underTheIdOf =
  (owner: (mint: Mint) => string, signer: (mint: Mint) => SigningKey) =>
  (mint: Mint): Presented =>
    bearer(mint.token({}, { kid: owner(mint) }, signer(mint)));

export const signatures = [
  kind(
    'a stranger’s RSA signature under a known id',
    'RFC 8725 section 3.3: the signature must be the key’s',
    underTheIdOf(
      ({ keys }) => keys.good.rs256.kid,
      ({ keys }) => keys.strangers.rsa,
    ),
    swapped,
  ),
  kind(
    'a stranger’s ECDSA signature under a known id',
    'RFC 8725 section 3.3: the signature must be the key’s',
    underTheIdOf(
      ({ keys }) => keys.good.es256.kid,
      ({ keys }) => keys.strangers.ec,
    ),
    swapped,
  ),
  kind(
    'a stranger’s signature under his own id',
    'RFC 8725 section 3.8: the key must be the issuer’s',
    underTheIdOf(
      ({ keys }) => keys.strangers.rsa.kid,
      ({ keys }) => keys.strangers.rsa,
    ),
    swapped,
  ),
  kind(
    'an EC key’s signature under an RSA key’s id',
    'RFC 8725 section 3.1: algorithm and key must agree',
    underTheIdOf(
      ({ keys }) => keys.good.rs256.kid,
      ({ keys }) => keys.good.es256,
    ),
    swapped,
  ),
  kind(
    'an RSA key’s signature under an EC key’s id',
    'RFC 8725 section 3.1: algorithm and key must agree',
    underTheIdOf(
      ({ keys }) => keys.good.es256.kid,
      ({ keys }) => keys.good.rs256,
    ),
    swapped,
  ),
  kind(
    'a P-384 signature under a P-256 key’s id',
    'RFC 7518 section 3.4: each ES algorithm has its curve',
    underTheIdOf(
      ({ keys }) => keys.good.es256.kid,
      ({ keys }) => keys.good.es384,
    ),
    swapped,
  ),
  kind(
    'the signature of another token',
    'RFC 8725 section 3.3: it covers header and claims',
    (mint) => bearer([...mint.token({}).split('.').slice(0, 2), mint.token({}).split('.')[2]].join('.')),
    swapped,
  ),
  kind(
    'the claims of another token',
    'RFC 8725 section 3.3: it covers header and claims',
    (mint) => bearer(mint.token().replace(/\.[^.]*\./, `.${encode(mint.claims({ roles: ['admin'] }))}.`)),
    swapped,
  ),
  kind(
    'the header of another token',
    'RFC 8725 section 3.3: it covers header and claims',
    (mint) => bearer(mint.token().replace(/^[^.]*/, encode(mint.header({ gty: ['refresh_token'] })))),
    swapped,
  ),
  kind(
    'signed claims without their header',
    'RFC 7515 section 5.1: header, dot and claims are signed',
    (mint) => bearer(`${encode(mint.header())}.${mint.signInput(encode(mint.claims()))}`),
    swapped,
  ),
  kind(
    'signed text instead of the encoded one',
    'RFC 7515 section 5.1: what is signed is base64url',
    (mint) => {
      const [header, claims] = [mint.header(), mint.claims()];
      const signature =
        mint
          .signInput(`${JSON.stringify(header)}.${JSON.stringify(claims)}`)
          .split('.')
          .at(-1) ?? '';
      return bearer(`${encode(header)}.${encode(claims)}.${signature}`);
    },
    swapped,
  ),
  kind(
    'the first bit of the signature flipped',
    'RFC 8725 section 3.3: all of it counts',
    resigned((signature) => flipped(signature, 0)),
  ),
  kind(
    'the last bit of the signature flipped',
    'RFC 8725 section 3.3: all of it counts',
    resigned((signature) => flipped(signature, signature.length - 1)),
  ),
  kind(
    'an RSA signature of zeros',
    'RFC 8017 section 8.2.2: it verifies nothing',
    resigned((signature) => Buffer.alloc(signature.length)),
  ),
  kind(
    'an RSA signature of ones',
    'RFC 8017 section 5.2.2: it must be less than the modulus',
    resigned((signature) => Buffer.alloc(signature.length, 0xff)),
  ),
  kind(
    'an RSA signature with a zero before it',
    'RFC 8017 section 8.2.2: its length is the modulus’s',
    resigned((signature) => Buffer.concat([Buffer.alloc(1), signature])),
  ),
  kind(
    'an RSA signature with a zero behind it',
    'RFC 8017 section 8.2.2: its length is the modulus’s',
    resigned((signature) => Buffer.concat([signature, Buffer.alloc(1)])),
  ),
  kind(
    'an RSA signature cut by a byte',
    'RFC 8017 section 8.2.2: its length is the modulus’s',
    resigned((signature) => signature.subarray(1)),
  ),
  kind(
    'an RSA signature of one byte',
    'RFC 8017 section 8.2.2: its length is the modulus’s',
    resigned(() => Buffer.from([1])),
  ),
  kind(
    'an ECDSA signature of two zeros',
    'CVE-2022-21449: a verifier that forgets the range takes it for every message',
    resigned(numbers(zero, zero), 'es256'),
  ),
  kind(
    'an ECDSA signature of zero and one',
    'RFC 7518 section 3.4, FIPS 186-5: r and s are at least 1',
    resigned(numbers(zero, one), 'es256'),
  ),
  kind(
    'an ECDSA signature of the order, twice',
    'FIPS 186-5: r and s are less than the order, or they are zero again',
    resigned(numbers(order, order), 'es256'),
  ),
  kind(
    'an ECDSA signature of ones',
    'FIPS 186-5: r and s are less than the order',
    resigned(numbers(one, one), 'es256'),
  ),
  kind(
    'an ECDSA signature in ASN.1',
    'RFC 7518 section 3.4: the two numbers, 32 bytes each',
    resigned(der, 'es256'),
  ),
  kind(
    'an ECDSA signature with its halves swapped',
    'RFC 7518 section 3.4: r before s',
    resigned((signature) => Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]), 'es256'),
  ),
  kind(
    'half an ECDSA signature',
    'RFC 7518 section 3.4: 64 bytes',
    resigned((signature) => signature.subarray(0, 32), 'es256'),
  ),
  kind(
    'an ECDSA signature with a zero before each number',
    'RFC 7518 section 3.4: 64 bytes',
    resigned(
      (signature) =>
        Buffer.concat([Buffer.alloc(1), signature.subarray(0, 32), Buffer.alloc(1), signature.subarray(32)]),
      'es256',
    ),
  ),
];
