import { kinds } from '../kind.js';
import { entityOf, machine, user } from '../make.js';
import type { Mint } from '../mint.js';

const ada = ({ records }: Mint) => records.people.ada.sub;

const group = 'subject';
const jti = 'RFC 7519 section 4.1.7: a string; deny-lists are keyed by it';
const text = 'RFC 7519 section 4.1.2: a string';

export const subjects = [
  ...kinds(group, { ids: ['JWT-8'], owed: 'policy' })({
    'RFC 8725 section 3.8: a token without a subject; a look-up could find anybody': {
      'no subject': user({ sub: undefined }),
      'an empty subject': user({ sub: '' }),
    },
    [text]: {
      'null as the subject': user({ sub: null }),
      'a number as the subject': user({ sub: 1 }),
      'true as the subject': user({ sub: true }),
      'a list of subjects': user((mint) => ({ sub: [ada(mint)] })),
    },
    [`${text}; as a query it would match anybody`]: {
      'an object as the subject': user({ sub: { $ne: null } }),
    },
    'OpenID Connect Core section 2: at most 255 ASCII characters; it becomes a key of rows and a field of logs':
      {
        'white space as the subject': user({ sub: ' ' }),
        'a subject with a NUL': user((mint) => ({ sub: `${ada(mint)}\u0000` })),
        'a subject with a line break': user((mint) => ({ sub: `${ada(mint)}\r\nadmin` })),
        'a subject of half a character': user({ sub: '\ud800' }),
        'a subject in look-alike characters': user({ sub: '\u0430d\u0430' }),
        'a subject of 256 characters': user({ sub: 'a'.repeat(256) }),
      },
  }),
  ...kinds(group, { ids: ['JWT-15'], owed: 'policy' })({
    [jti]: {
      'a token id that is a number': user({ jti: 1 }),
      'a token id that is a list': user({ jti: ['a'] }),
    },
    'a deny-list keyed by it would match all tokens or none': { 'an empty token id': user({ jti: '' }) },
  }),
  ...kinds(group, { ids: ['OA-12', 'JWT-11'], owed: 'issuer' })({
    'RFC 9700 section 4.15: a client must not be able to impersonate another': {
      'a machine that calls itself the application': machine(({ target }) => ({ sub: target.applicationId })),
    },
    'RFC 9700 section 4.15: a machine is not a user': {
      'a machine that claims a user’s registration': machine((mint) => ({
        sub: ada(mint),
        applicationId: mint.target.applicationId,
      })),
      'a machine that claims a user’s registration and roles': machine((mint) => ({
        sub: ada(mint),
        applicationId: mint.target.applicationId,
        roles: mint.target.roles,
      })),
    },
    'RFC 8725 section 3.12: tokens of users and tokens of machines exclude each other': {
      'a machine’s permissions in a user’s token': user((mint) => ({
        permissions: { [entityOf(mint)]: ['admin'] },
      })),
      'a machine’s permissions in a user’s token for both audiences': user((mint) => ({
        aud: [mint.target.applicationId, entityOf(mint)],
        permissions: [],
      })),
    },
  }),
];
