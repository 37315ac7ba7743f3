import type { Json } from '../../../../issuer/src/signing-key.js';
import { encode } from '../../../../issuer/src/token-minter.js';
import { kinds, malformed } from '../kind.js';
import { bearer, type Make, sent } from '../make.js';
import type { Mint } from '../mint.js';

type Segments = [header: string, claims: string, signature: string];

const segmentsOf = (mint: Mint) => mint.token().split('.') as Segments;

/** A good token whose text is changed after signing. */
const spelled = (change: (segments: Segments) => string): Make => sent((mint) => change(segmentsOf(mint)));
/** The same, for changes to the whole text. */
const around = (change: (token: string) => string): Make => spelled((parts) => change(parts.join('.')));

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The same bytes in other letters: the last one carries bits that no decoder looks at. In canonical spelling they are
 * zero, so the next letter differs in nothing else. Undefined for a length that leaves no such bits.
 */
function otherSpelling(segment: string): string | undefined {
  const last = letters.indexOf(segment.at(-1) ?? '');
  return segment.length % 4 < 2 ? undefined : segment.slice(0, -1) + letters.charAt(last + 1);
}

/** JSON in other letters than its own; spaces behind it give it a length that has some. */
function oddlySpelled(json: Json): string {
  const spellings = ['', ' ', '  '].map((pad) => otherSpelling(encode(JSON.stringify(json) + pad)));
  return spellings.find((spelling) => spelling !== undefined) ?? '';
}

/** Bytes as before, in letters that lax decoders take as well. Not every signature has one to respell. */
const plainBase64: Make = (mint) => {
  for (;;) {
    const [header, claims, signature] = segmentsOf(mint);
    const plain = signature.replaceAll('-', '+').replaceAll('_', '/');
    if (plain !== signature) return bearer(`${header}.${claims}.${plain}`);
  }
};

const group = 'compact form';
const parts = 'RFC 7515 section 7.1: three parts';
const unpadded = 'RFC 7515 section 2: base64url without padding';
const base64url = 'RFC 7515 section 7.1: base64url';

export const compactForm = [
  ...kinds(group, { ids: ['JWT-15'] })({
    [parts]: {
      'one part': spelled(([header]) => header),
      'two parts': spelled(([header, claims]) => `${header}.${claims}`),
      'four parts': spelled((segments) => `${segments.join('.')}.${segments[2]}`),
      'a leading dot': around((token) => `.${token}`),
      'a trailing dot': around((token) => `${token}.`),
      'only dots': () => bearer('..'),
    },
    'RFC 8725 section 3.2: an unsigned token proves nothing': {
      'an empty signature': spelled(([header, claims]) => `${header}.${claims}.`),
    },
    'RFC 7515 section 7.1: the header is not empty': {
      'an empty header': spelled(([, claims, signature]) => `.${claims}.${signature}`),
    },
    'RFC 7515 appendix F: nothing says where the payload is': {
      'a detached payload': spelled(([header, , signature]) => `${header}..${signature}`),
    },
    'RFC 7515 section 5.2: the signature covers the order': {
      'header and claims swapped': spelled(
        ([header, claims, signature]) => `${claims}.${header}.${signature}`,
      ),
    },
    'RFC 7515 section 2: base64url': {
      'signature in the alphabet of plain base64': spelled(
        ([header, claims]) => `${header}.${claims}.${'+/'.repeat(171)}`,
      ),
    },
    'RFC 4648 section 4: four characters encode three bytes; one alone encodes none': {
      'one character too many in the signature': around((token) => `${token}A`),
    },
    'RFC 7515 section 7.1: the compact form itself': { 'the token encoded twice': around(encode) },
    [base64url]: {
      'the signature in hexadecimal': spelled(
        ([header, claims, signature]) =>
          `${header}.${claims}.${Buffer.from(signature, 'base64url').toString('hex')}`,
      ),
    },
    'a token with disclosures is not a JWT': {
      'a disclosure after it (SD-JWT)': around((token) => `${token}~${encode('["salt","role","admin"]')}~`),
    },
    'the issuer’s access tokens are JWTs': {
      // cspell:ignore KWIA Gzv
      'an opaque token': () => bearer('tGzv3JOkF0XG5Qx2TlKWIA'),
    },
  }),
  ...kinds(group, { ids: ['JWT-15'], owed: 'policy' })({
    [unpadded]: { 'padding after the signature': around((token) => `${token}==`) },
    'RFC 4648 section 3.5: one token must have one spelling, or deny-lists are circumvented': {
      'signature respelled in plain base64': plainBase64,
      'unused bits set in the signature': spelled(
        ([header, claims, signature]) => `${header}.${claims}.${otherSpelling(signature) ?? ''}`,
      ),
      'unused bits set in the claims, correctly signed': sent(({ signInput, header, claims }) =>
        signInput(`${encode(header())}.${oddlySpelled(claims())}`),
      ),
      'unused bits set in the header, correctly signed': sent(({ signInput, header, claims }) =>
        signInput(`${oddlySpelled(header())}.${encode(claims())}`),
      ),
    },
  }),
  ...kinds(group, { ids: ['OA-1'], refusal: malformed })({
    [unpadded]: {
      'padding after the claims': spelled(
        ([header, claims, signature]) => `${header}.${claims}=.${signature}`,
      ),
    },
    [base64url]: {
      'header and claims as plain JSON': sent(
        ({ header, claims }) => `${JSON.stringify(header())}.${JSON.stringify(claims())}.c2ln`,
      ),
    },
    'RFC 7519 section 3: a JWT is compact': {
      'the flattened JSON form': spelled(([header, claims, signature]) =>
        JSON.stringify({ protected: header, payload: claims, signature }),
      ),
    },
    'RFC 6750 section 2.1: the header is not decoded': {
      'percent-encoded dots': spelled((segments) => segments.join('%2E')),
    },
    'RFC 6750 section 2.1: b64token has none': {
      'quotation marks around it': around((token) => `"${token}"`),
      'a space in the middle': spelled((segments) => segments.join('. ')),
      'a byte beyond ASCII in the signature': around((token) => `${token}\u00e9`),
    },
  }),
];
