import { encode } from '../../../../issuer/src/token-minter.js';
import { kinds } from '../kind.js';
import { header, sent, signed } from '../make.js';

const group = 'header';

export const headers = [
  ...kinds(group, { ids: ['JWT-12'] })({
    'RFC 7515 section 4.1.11: a critical extension that is not understood must be refused': {
      'an unknown extension listed as critical': header({ crit: ['exp-at-noon'], 'exp-at-noon': true }),
    },
    'RFC 7515 section 4.1.11: crit must not be empty': {
      'an empty list of critical extensions': header({ crit: [] }),
    },
    'RFC 7515 section 4.1.11: each name must occur': {
      'a critical extension that is not in the header': header({ crit: ['absent'] }),
    },
    'RFC 7515 section 4.1.11: crit must not list what the RFC defines': {
      'a registered parameter listed as critical': header({ crit: ['alg'] }),
    },
    'RFC 7515 section 4.1.11: crit is a list': {
      'a critical list that is a string': header({ crit: 'exp' }),
      'null as the critical list': header({ crit: null }),
    },
    'RFC 7797 section 7: b64 false is not for JWTs': {
      'an unencoded payload, announced and critical': header({ b64: false, crit: ['b64'] }),
    },
  }),
  ...kinds(group, { ids: ['JWT-12'], owed: 'policy' })({
    'RFC 7797 section 6: b64 must be listed in crit': {
      'an unencoded payload, announced but not critical': header({ b64: false }),
    },
  }),
  ...kinds(group, { ids: ['JWT-6'], owed: 'policy' })({
    'RFC 8725 section 3.6: compression leaks and is not for signatures': {
      'a compressed payload': header({ zip: 'DEF' }),
    },
  }),
  ...kinds(group, { ids: ['JWT-3'] })({
    'RFC 8725 section 3.3: inner and outer must both be verified, or the whole refused': {
      'a nested token': signed(({ token, header: head }) => ({
        header: head({ cty: 'JWT' }),
        payload: token(),
      })),
    },
    'RFC 8725 section 3.3: nothing is encrypted to us, so nothing inside is verified': {
      'an encrypted token (five parts)': sent(({ claims }) =>
        [
          encode({ alg: 'dir', enc: 'A256GCM' }),
          '',
          encode('123456789012'),
          encode(claims()),
          encode('1234567890123456'),
        ].join('.'),
      ),
    },
  }),
  ...kinds(group, { ids: ['JWT-3'], owed: 'policy' })({
    'RFC 7519 section 5.2: cty JWT says that the payload is a token': {
      'a content type of JWT over plain claims': header({ cty: 'JWT' }),
    },
    'RFC 7516 section 4.1.2: enc belongs to encrypted tokens': {
      'an encryption method beside a signature': header({ enc: 'A256GCM' }),
    },
  }),
  ...kinds(group, { ids: ['JWT-11', 'JWT-14'], owed: 'policy' })({
    'RFC 8725 section 3.11: a token of one kind is none of another': {
      'the type of a DPoP proof': header({ typ: 'dpop+jwt' }),
      'the type of a log-out token': header({ typ: 'logout+jwt' }),
    },
    'RFC 8417 section 2.3: explicit typing keeps them apart': {
      'the type of a security event': header({ typ: 'secevent+jwt' }),
    },
    'RFC 9101 section 10.8: explicit typing keeps them apart': {
      'the type of a request object': header({ typ: 'oauth-authz-req+jwt' }),
    },
    'RFC 9701 section 5: explicit typing keeps them apart': {
      'the type of an introspection answer': header({ typ: 'token-introspection+jwt' }),
    },
    'RFC 7515 section 4.1.9: JOSE is not JWT': { 'the type of a plain JWS': header({ typ: 'JOSE' }) },
    'RFC 8725 section 3.11: a type is compared exactly': {
      'a type that only begins like JWT': header({ typ: 'JWT-not' }),
    },
    'RFC 7515 section 4.1.9: typ is a string': {
      'a type that is a list': header({ typ: ['JWT'] }),
      'a type that is null': header({ typ: null }),
    },
  }),
];
