import { bearer, group, type Presented } from '../kind.js';
import { encode, type Json, type Mint } from '../mint.js';

const kind = group('header', { ids: ['JWT-12'] });
const nested = { ids: ['JWT-3'] };
const foreign = { ids: ['JWT-11', 'JWT-14'], owed: 'policy' } as const;

/** Rightly signed by the issuer, with one more header parameter. */
const withHeader =
  (change: Json) =>
  (mint: Mint): Presented =>
    bearer(mint.token({}, change));

export const headers = [
  kind(
    'an unknown extension listed as critical',
    'RFC 7515 section 4.1.11: what is not understood and critical must be refused',
    withHeader({ crit: ['exp-at-noon'], 'exp-at-noon': true }),
  ),
  kind(
    'an empty list of critical extensions',
    'RFC 7515 section 4.1.11: crit must not be empty',
    withHeader({ crit: [] }),
  ),
  kind(
    'a critical extension that is not in the header',
    'RFC 7515 section 4.1.11: each name must occur',
    withHeader({ crit: ['absent'] }),
  ),
  kind(
    'a registered parameter listed as critical',
    'RFC 7515 section 4.1.11: crit must not list what the RFC defines',
    withHeader({ crit: ['alg'] }),
  ),
  kind(
    'a critical list that is text',
    'RFC 7515 section 4.1.11: crit is a list',
    withHeader({ crit: 'exp' }),
  ),
  kind('null as the critical list', 'RFC 7515 section 4.1.11: crit is a list', withHeader({ crit: null })),
  kind(
    'an unencoded payload, announced and critical',
    'RFC 7797 section 7: b64 false is not for JWTs',
    withHeader({ b64: false, crit: ['b64'] }),
  ),
  kind(
    'an unencoded payload, announced but not critical',
    'RFC 7797 section 6: b64 must be listed in crit',
    withHeader({ b64: false }),
    { owed: 'policy' },
  ),
  kind(
    'a compressed payload',
    'RFC 8725 section 3.6: compression leaks and is not for signatures',
    withHeader({ zip: 'DEF' }),
    { ids: ['JWT-6'], owed: 'policy' },
  ),
  kind(
    'a nested token',
    'RFC 8725 section 3.3: inner and outer must both be verified, or the whole refused',
    ({ jws, token, header: head }) => bearer(jws({ header: head({ cty: 'JWT' }), payload: token() })),
    nested,
  ),
  kind(
    'a content type of JWT over plain claims',
    'RFC 7519 section 5.2: cty JWT says that the payload is a token',
    withHeader({ cty: 'JWT' }),
    { ...nested, owed: 'policy' },
  ),
  kind(
    'an encryption method beside a signature',
    'RFC 7516 section 4.1.2: enc belongs to encrypted tokens',
    withHeader({ enc: 'A256GCM' }),
    { ...nested, owed: 'policy' },
  ),
  kind(
    'the type of a DPoP proof',
    'RFC 8725 section 3.11: a token of one kind is none of another',
    withHeader({ typ: 'dpop+jwt' }),
    foreign,
  ),
  kind(
    'the type of a log-out token',
    'RFC 8725 section 3.11: a token of one kind is none of another',
    withHeader({ typ: 'logout+jwt' }),
    foreign,
  ),
  kind(
    'the type of a security event',
    'RFC 8417 section 2.3: explicit typing keeps them apart',
    withHeader({ typ: 'secevent+jwt' }),
    foreign,
  ),
  kind(
    'the type of a request object',
    'RFC 9101 section 10.8: explicit typing keeps them apart',
    withHeader({ typ: 'oauth-authz-req+jwt' }),
    foreign,
  ),
  kind(
    'the type of an introspection answer',
    'RFC 9701 section 5: explicit typing keeps them apart',
    withHeader({ typ: 'token-introspection+jwt' }),
    foreign,
  ),
  kind(
    'the type of a plain JWS',
    'RFC 7515 section 4.1.9: JOSE is not JWT',
    withHeader({ typ: 'JOSE' }),
    foreign,
  ),
  kind(
    'a type that only begins like JWT',
    'RFC 8725 section 3.11: a type is compared whole',
    withHeader({ typ: 'JWT-not' }),
    foreign,
  ),
  kind(
    'a type that is a list',
    'RFC 7515 section 4.1.9: typ is a string',
    withHeader({ typ: ['JWT'] }),
    foreign,
  ),
  kind('a type that is null', 'RFC 7515 section 4.1.9: typ is a string', withHeader({ typ: null }), foreign),
  kind(
    'an encrypted token (five parts)',
    'RFC 8725 section 3.3: nothing is encrypted to us, so nothing inside is verified',
    ({ claims }) =>
      bearer(
        [
          encode({ alg: 'dir', enc: 'A256GCM' }),
          '',
          encode('123456789012'),
          encode(claims()),
          encode('1234567890123456'),
        ].join('.'),
      ),
    nested,
  ),
];
