import { bearer, group, malformed, type Presented } from '../kind.js';
import { encode, type Json, type Mint } from '../mint.js';

const kind = group('compact form', { ids: ['JWT-15'] });
const grammar = { refusal: malformed, ids: ['OA-1'] };
const lax = { owed: 'policy' } as const;

type Segments = [header: string, claims: string, signature: string];

const segmentsOf = (mint: Mint) => mint.token().split('.') as Segments;

/** A good token whose text is changed after signing. */
const spelled =
  (change: (segments: Segments, mint: Mint) => string) =>
  (mint: Mint): Presented =>
    bearer(change(segmentsOf(mint), mint));

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

export const compactForm = [
  kind(
    'one part',
    'RFC 7515 section 7.1: three parts',
    spelled(([header]) => header),
  ),
  kind(
    'two parts',
    'RFC 7515 section 7.1: three parts',
    spelled(([header, claims]) => `${header}.${claims}`),
  ),
  kind(
    'an empty signature',
    'RFC 8725 section 3.2: an unsigned token proves nothing',
    spelled(([header, claims]) => `${header}.${claims}.`),
  ),
  kind(
    'four parts',
    'RFC 7515 section 7.1: three parts',
    spelled((parts) => `${parts.join('.')}.${parts[2]}`),
  ),
  kind(
    'a dot before it',
    'RFC 7515 section 7.1: three parts',
    spelled((parts) => `.${parts.join('.')}`),
  ),
  kind(
    'a dot behind it',
    'RFC 7515 section 7.1: three parts',
    spelled((parts) => `${parts.join('.')}.`),
  ),
  kind(
    'an empty header',
    'RFC 7515 section 7.1: the header is not empty',
    spelled(([, claims, signature]) => `.${claims}.${signature}`),
  ),
  kind(
    'a detached payload',
    'RFC 7515 appendix F: nothing is said where the payload is',
    spelled(([header, , signature]) => `${header}..${signature}`),
  ),
  kind(
    'header and claims in each other’s place',
    'RFC 7515 section 5.2: the signature covers the order',
    spelled(([header, claims, signature]) => `${claims}.${header}.${signature}`),
  ),
  kind(
    'padding behind the signature',
    'RFC 7515 section 2: base64url without padding',
    spelled((parts) => `${parts.join('.')}==`),
    lax,
  ),
  kind(
    'padding behind the claims',
    'RFC 7515 section 2: base64url without padding',
    spelled(([header, claims, signature]) => `${header}.${claims}=.${signature}`),
    grammar,
  ),
  kind(
    'signature in the letters of plain base64',
    'RFC 7515 section 2: base64url',
    spelled(([header, claims]) => `${header}.${claims}.${'+/'.repeat(171)}`),
  ),
  kind(
    'signature respelled in plain base64',
    'RFC 4648 section 3.5: one token must have one spelling, or deny-lists are dodged',
    plainBase64,
    lax,
  ),
  kind(
    'unused bits set in the signature',
    'RFC 4648 section 3.5: one token must have one spelling, or deny-lists are dodged',
    spelled(([header, claims, signature]) => `${header}.${claims}.${otherSpelling(signature) ?? ''}`),
    lax,
  ),
  kind(
    'unused bits set in the claims, signed so',
    'RFC 4648 section 3.5: one token must have one spelling, or deny-lists are dodged',
    ({ signInput, header, claims }) => bearer(signInput(`${encode(header())}.${oddlySpelled(claims())}`)),
    lax,
  ),
  kind(
    'unused bits set in the header, signed so',
    'RFC 4648 section 3.5: one token must have one spelling, or deny-lists are dodged',
    ({ signInput, header, claims }) => bearer(signInput(`${oddlySpelled(header())}.${encode(claims())}`)),
    lax,
  ),
  kind(
    'a letter too many in the signature',
    'RFC 4648 section 4: four letters, three bytes; one alone is no byte',
    spelled((parts) => `${parts.join('.')}A`),
  ),
  kind(
    'the token encoded once more',
    'RFC 7515 section 7.1: the compact form itself',
    spelled((parts) => encode(parts.join('.'))),
  ),
  kind(
    'the signature in hexadecimal',
    'RFC 7515 section 7.1: base64url',
    spelled(
      ([header, claims, signature]) =>
        `${header}.${claims}.${Buffer.from(signature, 'base64url').toString('hex')}`,
    ),
  ),
  kind(
    'header and claims as plain JSON',
    'RFC 7515 section 7.1: base64url',
    ({ header, claims }) => bearer(`${JSON.stringify(header())}.${JSON.stringify(claims())}.c2ln`),
    grammar,
  ),
  kind(
    'the flattened JSON form',
    'RFC 7519 section 3: a JWT is compact',
    spelled(([header, claims, signature]) =>
      JSON.stringify({ protected: header, payload: claims, signature }),
    ),
    grammar,
  ),
  kind(
    'a disclosure behind it (SD-JWT)',
    'what is disclosed beside a token is another format than a JWT',
    spelled((parts) => `${parts.join('.')}~${encode('["salt","role","admin"]')}~`),
  ),
  kind(
    'percent-encoded dots',
    'RFC 6750 section 2.1: the header is not decoded',
    spelled((parts) => parts.join('%2E')),
    grammar,
  ),
  kind(
    'quotation marks around it',
    'RFC 6750 section 2.1: b64token has none',
    spelled((parts) => `"${parts.join('.')}"`),
    grammar,
  ),
  kind(
    'a space in the middle',
    'RFC 6750 section 2.1: b64token has none',
    spelled((parts) => parts.join('. ')),
    grammar,
  ),
  kind(
    'a byte beyond ASCII in the signature',
    'RFC 6750 section 2.1: b64token has none',
    spelled((parts) => `${parts.join('.')}\u00e9`),
    grammar,
  ),
  kind('nothing but dots', 'RFC 7515 section 7.1: three parts', () => bearer('..')),
  kind('something quite else', 'an opaque token is none of the issuer’s', () =>
    bearer('tGzv3JOkF0XG5Qx2TlKWIA'),
  ),
];

/** Bytes as before, in letters that lax decoders take as well. Not every signature has one to respell. */
function plainBase64(mint: Mint): Presented {
  for (;;) {
    const [header, claims, signature] = segmentsOf(mint);
    const plain = signature.replaceAll('-', '+').replaceAll('_', '/');
    if (plain !== signature) return bearer(`${header}.${claims}.${plain}`);
  }
}
