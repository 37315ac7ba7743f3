import { kinds } from '../kind.js';
import { entityOf, machine, type Make, otherCase, user } from '../make.js';

/** Makes a user's token with this audience, or with one derived from the application's id. */
const meant = (aud: unknown): Make => user({ aud });
const like = (aud: (ours: string) => unknown): Make =>
  user(({ target }) => ({ aud: aud(target.applicationId) }));

const group = 'audience';
const ids = ['JWT-9', 'OA-9'];
const member = 'RFC 8725 section 3.9: our own identifier, whole, must be among them';
const shape = 'RFC 7519 section 4.1.3: a string or a list of strings';

export const audiences = [
  ...kinds(group, { ids })({
    'RFC 8725 section 3.9: a token without an audience is meant for nobody': {
      'no audience': meant(undefined),
    },
    [shape]: {
      'null as the audience': meant(null),
      'true as the audience': meant(true),
      'a number as the audience': meant(1),
      'an object as the audience': like((ours) => ({ [ours]: true })),
      'a list of objects': like((ours) => [{ aud: ours }]),
      'a list inside a list': like((ours) => [[ours]]),
    },
    [member]: {
      'an empty audience': meant(''),
      'an empty list of audiences': meant([]),
      'another audience': meant('00000000-0000-4000-8000-000000000003'),
      'a list of others': meant(['https://a.example', 'https://b.example']),
      'several audiences in one string': like((ours) => `${ours} https://other.example`),
      'several audiences with commas': like((ours) => `${ours},https://other.example`),
      'an audience that begins like ours': like((ours) => `${ours}-other`),
      'an audience that ends like ours': like((ours) => `other-${ours}`),
      'our audience in the other case': like(otherCase),
      'an asterisk as the audience': meant('*'),
      'a pattern as the audience': meant('.*'),
      'the issuer as the audience': user(({ target }) => ({ aud: target.issuer })),
      'the tenant as the audience': user(({ target }) => ({ aud: target.tenantId })),
      'a machine’s token for another entity': machine({ aud: '00000000-0000-4000-8000-000000000009' }),
    },
  }),
  ...kinds(group, { ids, owed: 'policy' })({
    [shape]: {
      'a list of ours and a number': like((ours) => [ours, 1]),
      'a list of ours and null': like((ours) => [ours, null]),
    },
  }),
  ...kinds(group, { ids, owed: 'issuer' })({
    'RFC 9700 section 2.3: the entity is for client credentials; a user has no permissions there': {
      'a user’s token for the entity of machines': user((mint) => ({ aud: entityOf(mint) })),
    },
  }),
];
