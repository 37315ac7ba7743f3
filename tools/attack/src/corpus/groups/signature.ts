import type { SigningKey } from '../../../../issuer/src/signing-key.js';
import { encode } from '../../../../issuer/src/token-minter.js';
import { kinds } from '../kind.js';
import { type Make, sent } from '../make.js';
import type { Mint } from '../mint.js';

type Change = (signature: Buffer) => Buffer;

/** Makes a valid token with another signature: RS256's is one number of 256 bytes, ES256's two of 32. */
const resigned = (by: 'rs256' | 'es256', change: Change): Make =>
  sent((mint) => {
    const [header, claims, signature = ''] = mint.token({}, {}, mint.keys.good[by]).split('.');
    return `${header}.${claims}.${encode(change(Buffer.from(signature, 'base64url')))}`;
  });
const rsa = (change: Change): Make => resigned('rs256', change);
const ecdsa = (change: (r: Buffer, s: Buffer) => readonly Buffer[]): Make =>
  resigned('es256', (signature) => Buffer.concat(change(signature.subarray(0, 32), signature.subarray(32))));

const nul = Buffer.alloc(1);
const zero = Buffer.alloc(32);
const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
// The order of P-256 (SP 800-186).
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

/** Encodes an integer in ASN.1. */
const integer = (bytes: Buffer): Buffer => {
  const text = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([nul, bytes]) : bytes;
  return Buffer.concat([Buffer.from([2, text.length]), text]);
};
/** Encodes the same two numbers in ASN.1, as every other use of ECDSA does. */
const der = (r: Buffer, s: Buffer): Buffer[] => {
  const body = Buffer.concat([integer(r), integer(s)]);
  return [Buffer.from([0x30, body.length]), body];
};

const flipped = (signature: Buffer, at: number): Buffer => {
  const copy = Buffer.from(signature);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

type KeyOf = (keys: Mint['keys']) => SigningKey;
const strangersRsa: KeyOf = ({ strangers }) => strangers.rsa;
const rs256: KeyOf = ({ good }) => good.rs256;
const es256: KeyOf = ({ good }) => good.es256;
/** Signs with one key, and presents the token under the id of another. */
const signedAs = (signer: KeyOf, owner: KeyOf): Make =>
  sent(({ keys, token }) => token({}, { kid: owner(keys).kid }, signer(keys)));

const group = 'signature';
const length = 'RFC 8017 section 8.2.2: it is as long as the modulus';
const size = 'RFC 7518 section 3.4: 64 bytes';

export const signatures = [
  ...kinds(group, { ids: ['JWT-3', 'JWT-8'] })({
    'RFC 8725 section 3.3: the signature must be the key’s': {
      'an RSA signature by an unknown key under a known id': signedAs(strangersRsa, rs256),
      'an ECDSA signature by an unknown key under a known id': signedAs(
        ({ strangers }) => strangers.ec,
        es256,
      ),
    },
    'RFC 8725 section 3.8: the key must be the issuer’s': {
      'a signature by an unknown key under its own id': signedAs(strangersRsa, strangersRsa),
    },
    'RFC 8725 section 3.1: algorithm and key must agree': {
      'an EC key’s signature under an RSA key’s id': signedAs(es256, rs256),
      'an RSA key’s signature under an EC key’s id': signedAs(rs256, es256),
    },
    'RFC 7518 section 3.4: each ES algorithm has its curve': {
      'a P-384 signature under a P-256 key’s id': signedAs(({ good }) => good.es384, es256),
    },
    'RFC 8725 section 3.3: it covers header and claims': {
      'the signature of another token': sent(({ token }) =>
        [...token().split('.').slice(0, 2), token().split('.')[2]].join('.'),
      ),
      'the claims of another token': sent(({ token, claims }) =>
        token().replace(/\.[^.]*\./, `.${encode(claims({ roles: ['admin'] }))}.`),
      ),
      'the header of another token': sent(({ token, header }) =>
        token().replace(/^[^.]*/, encode(header({ gty: ['refresh_token'] }))),
      ),
    },
    'RFC 7515 section 5.1: header, dot and claims are signed': {
      'signed claims without their header': sent(
        ({ header, signInput, claims }) => `${encode(header())}.${signInput(encode(claims()))}`,
      ),
    },
    'RFC 7515 section 5.1: what is signed is base64url': {
      'signed text instead of the encoded one': sent((mint) => {
        const [header, claims] = [mint.header(), mint.claims()];
        const signed = mint.signInput(`${JSON.stringify(header)}.${JSON.stringify(claims)}`);
        return `${encode(header)}.${encode(claims)}.${signed.split('.').at(-1) ?? ''}`;
      }),
    },
  }),
  ...kinds(group, { ids: ['JWT-3', 'JWT-4'] })({
    'RFC 8725 section 3.3: all of it counts': {
      'the first bit of the signature flipped': rsa((signature) => flipped(signature, 0)),
      'the last bit of the signature flipped': rsa((signature) => flipped(signature, signature.length - 1)),
    },
    'RFC 8017 section 8.2.2: it verifies nothing': {
      'an RSA signature of zeros': rsa((signature) => Buffer.alloc(signature.length)),
    },
    'RFC 8017 section 5.2.2: it must be less than the modulus': {
      'an RSA signature of ones': rsa((signature) => Buffer.alloc(signature.length, 0xff)),
    },
    [length]: {
      'an RSA signature with a leading zero': rsa((signature) => Buffer.concat([nul, signature])),
      'an RSA signature with a trailing zero': rsa((signature) => Buffer.concat([signature, nul])),
      'an RSA signature without its last byte': rsa((signature) => signature.subarray(1)),
      'an RSA signature of one byte': rsa(() => Buffer.from([1])),
    },
    'CVE-2022-21449: a verifier that does not check the range accepts it for every message': {
      'an ECDSA signature of two zeros': ecdsa(() => [zero, zero]),
    },
    'RFC 7518 section 3.4, FIPS 186-5: r and s are at least 1': {
      'an ECDSA signature of zero and one': ecdsa(() => [zero, one]),
    },
    'FIPS 186-5: r and s are less than the order, or they are zero again': {
      'an ECDSA signature of the order, twice': ecdsa(() => [order, order]),
    },
    'FIPS 186-5: r and s are less than the order': {
      'an ECDSA signature of ones': ecdsa(() => [one, one]),
    },
    'RFC 7518 section 3.4: the two numbers, 32 bytes each': { 'an ECDSA signature in ASN.1': ecdsa(der) },
    'RFC 7518 section 3.4: r before s': {
      'an ECDSA signature with its halves swapped': ecdsa((r, s) => [s, r]),
    },
    [size]: {
      'half an ECDSA signature': ecdsa((r) => [r]),
      'an ECDSA signature with a zero before each number': ecdsa((r, s) => [nul, r, nul, s]),
    },
  }),
];
