import { bearer, group } from '../kind.js';
import type { Json, Mint } from '../mint.js';

const kind = group('subject', { ids: ['JWT-8'], owed: 'policy' });
const collision = { ids: ['OA-12', 'JWT-11'], owed: 'issuer' } as const;

const says = (change: Json) => (mint: Mint) => bearer(mint.token(change));

const whoever = 'RFC 8725 section 3.8: a token about nobody; whoever looks it up finds anybody';
const text = 'RFC 7519 section 4.1.2: a string';
const visible =
  'OpenID Connect Core section 2: at most 255 ASCII characters; it becomes a key of rows and a field of logs';

export const subjects = [
  kind('no subject', whoever, says({ sub: undefined })),
  kind('an empty subject', whoever, says({ sub: '' })),
  kind('null as the subject', text, says({ sub: null })),
  kind('a number as the subject', text, says({ sub: 1 })),
  kind('true as the subject', text, says({ sub: true })),
  kind('a list of subjects', text, (mint) => bearer(mint.token({ sub: [mint.records.people.ada.sub] }))),
  kind(
    'an object as the subject',
    `${text}; as a query it would match anybody`,
    says({ sub: { $ne: null } }),
  ),
  kind('white space as the subject', visible, says({ sub: ' ' })),
  kind('a subject with a NUL', visible, (mint) =>
    bearer(mint.token({ sub: `${mint.records.people.ada.sub}\u0000` })),
  ),
  kind('a subject with a line break', visible, (mint) =>
    bearer(mint.token({ sub: `${mint.records.people.ada.sub}\r\nadmin` })),
  ),
  kind('a subject of half a character', visible, says({ sub: '\ud800' })),
  kind('a subject in letters that only look alike', visible, says({ sub: '\u0430d\u0430' })),
  kind('a subject of 256 characters', visible, says({ sub: 'a'.repeat(256) })),
  kind(
    'a token id that is a number',
    'RFC 7519 section 4.1.7: a string; deny-lists are keyed by it',
    says({ jti: 1 }),
    { ids: ['JWT-15'] },
  ),
  kind(
    'a token id that is a list',
    'RFC 7519 section 4.1.7: a string; deny-lists are keyed by it',
    says({ jti: ['a'] }),
    { ids: ['JWT-15'] },
  ),
  kind('an empty token id', 'a deny-list keyed by it would hold all or none', says({ jti: '' }), {
    ids: ['JWT-15'],
    owed: 'policy',
  }),
  kind(
    'a machine that calls itself the application',
    'RFC 9700 section 4.15: a client must not be able to pass for another',
    (mint) => bearer(mint.machine({ sub: mint.target.applicationId })),
    collision,
  ),
  kind(
    'a machine that claims a user’s registration',
    'RFC 9700 section 4.15: a machine is no user',
    (mint) =>
      bearer(mint.machine({ sub: mint.records.people.ada.sub, applicationId: mint.target.applicationId })),
    collision,
  ),
  kind(
    'a machine that claims a user’s registration and roles',
    'RFC 9700 section 4.15: a machine is no user',
    (mint) =>
      bearer(
        mint.machine({
          sub: mint.records.people.ada.sub,
          applicationId: mint.target.applicationId,
          roles: mint.target.roles,
        }),
      ),
    collision,
  ),
  kind(
    'a machine’s permissions in a user’s token',
    'RFC 8725 section 3.12: what is for users and what is for machines exclude each other',
    (mint) => bearer(mint.token({ permissions: { [mint.target.entityId ?? 'none']: ['admin'] } })),
    collision,
  ),
  kind(
    'a machine’s permissions in a user’s token for both audiences',
    'RFC 8725 section 3.12: what is for users and what is for machines exclude each other',
    (mint) =>
      bearer(
        mint.token({ aud: [mint.target.applicationId, mint.target.entityId ?? 'none'], permissions: [] }),
      ),
    collision,
  ),
];
