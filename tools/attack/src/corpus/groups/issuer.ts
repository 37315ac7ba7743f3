import { kinds } from '../kind.js';
import { type Make, otherCase, user } from '../make.js';

/** Makes a user's token with an issuer derived from the right one. */
const like = (iss: (ours: string) => unknown): Make => user(({ target }) => ({ iss: iss(target.issuer) }));

const group = 'issuer and tenant';
const ids = ['JWT-8'];

export const issuers = [
  ...kinds(group, { ids })({
    'RFC 8725 section 3.8: a token must name its issuer': { 'no issuer': user({ iss: undefined }) },
    'RFC 7519 section 4.1.1: a string': {
      'null as the issuer': user({ iss: null }),
      'a list that holds the issuer': like((ours) => [ours]),
      'an object that holds the issuer': like((ours) => ({ value: ours })),
    },
    'RFC 8725 section 3.8: compared as an exact string': {
      'an empty issuer': user({ iss: '' }),
      'another issuer': user({ iss: 'https://evil.example' }),
      'the issuer with a trailing slash': like((ours) => `${ours}/`),
      'the issuer with a trailing space': like((ours) => `${ours} `),
      'the issuer with a trailing NUL': like((ours) => `${ours}\u0000`),
      'the issuer in the other case': like(otherCase),
      'an issuer that begins like ours': like((ours) => `${ours}.evil.example`),
      'an issuer that ends like ours': like((ours) => `evil-${ours}`),
      'the issuer without its last character': like((ours) => ours.slice(0, -1)),
      // cspell:ignore aeo
      'the issuer with a look-alike character': like((ours) => ours.replace(/[aeo]|$/, '\u0430')),
      'the issuer with an invisible character': like((ours) => `${ours}\u200b`),
    },
  }),
  ...kinds(group, { ids, owed: 'issuer' })({
    'FusionAuth signs for all tenants with one key store; tid distinguishes them': {
      'no tenant': user({ tid: undefined }),
      'another tenant': user({ tid: '00000000-0000-4000-8000-000000000002' }),
      'null as the tenant': user({ tid: null }),
      'a list that holds the tenant': user(({ target }) => ({ tid: [target.tenantId] })),
      'the tenant with a leading space': user(({ target }) => ({ tid: ` ${target.tenantId}` })),
      'the application in the place of the tenant': user(({ target }) => ({ tid: target.applicationId })),
    },
  }),
];
