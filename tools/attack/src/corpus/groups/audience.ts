import { bearer, group } from '../kind.js';
import type { Json, Mint } from '../mint.js';
import { otherLetters } from '../other-letters.js';

const kind = group('audience', { ids: ['JWT-9', 'OA-9'] });

const meant = (aud: unknown) => (mint: Mint) =>
  bearer(mint.token({ aud: typeof aud === 'function' ? (aud as (mint: Mint) => unknown)(mint) : aud }));
const ours = ({ target }: Mint) => target.applicationId;

const member = 'RFC 8725 section 3.9: our own identifier, whole, must be among them';
const shape = 'RFC 7519 section 4.1.3: a string or a list of strings';

export const audiences = [
  kind('no audience', 'RFC 8725 section 3.9: a token for nobody is for nobody', meant(undefined)),
  kind('null as the audience', shape, meant(null)),
  kind('an empty audience', member, meant('')),
  kind('an empty list of audiences', member, meant([])),
  kind('another audience', member, meant('00000000-0000-4000-8000-000000000003')),
  kind('a list of others', member, meant(['https://a.example', 'https://b.example'])),
  kind('true as the audience', shape, meant(true)),
  kind('a number as the audience', shape, meant(1)),
  kind(
    'an object as the audience',
    shape,
    meant((mint: Mint): Json => ({ [ours(mint)]: true })),
  ),
  kind(
    'a list of objects',
    shape,
    meant((mint: Mint) => [{ aud: ours(mint) }]),
  ),
  kind(
    'a list inside a list',
    shape,
    meant((mint: Mint) => [[ours(mint)]]),
  ),
  kind(
    'a list of ours and a number',
    shape,
    meant((mint: Mint) => [ours(mint), 1]),
    { owed: 'policy' },
  ),
  kind(
    'a list of ours and null',
    shape,
    meant((mint: Mint) => [ours(mint), null]),
    { owed: 'policy' },
  ),
  kind(
    'several audiences in one text',
    member,
    meant((mint: Mint) => `${ours(mint)} https://other.example`),
  ),
  kind(
    'several audiences with commas',
    member,
    meant((mint: Mint) => `${ours(mint)},https://other.example`),
  ),
  kind(
    'an audience that begins like ours',
    member,
    meant((mint: Mint) => `${ours(mint)}-other`),
  ),
  kind(
    'an audience that ends like ours',
    member,
    meant((mint: Mint) => `other-${ours(mint)}`),
  ),
  kind(
    'our audience in other letters',
    member,
    meant((mint: Mint) => otherLetters(ours(mint))),
  ),
  kind('an asterisk as the audience', member, meant('*')),
  kind('a pattern as the audience', member, meant('.*')),
  kind(
    'the issuer as the audience',
    member,
    meant(({ target }: Mint) => target.issuer),
  ),
  kind(
    'the tenant as the audience',
    member,
    meant(({ target }: Mint) => target.tenantId),
  ),
  kind('a machine’s token for another entity', member, (mint) =>
    bearer(mint.machine({ aud: '00000000-0000-4000-8000-000000000009' })),
  ),
  kind(
    'a user’s token for the entity of machines',
    'RFC 9700 section 2.3: the entity is for client credentials; a user has no permissions there',
    meant(({ target }: Mint) => target.entityId ?? 'none'),
    { owed: 'issuer' },
  ),
];
