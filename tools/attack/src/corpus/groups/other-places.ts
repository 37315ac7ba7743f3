import { group, malformed, nothingPresented, type Presented } from '../kind.js';
import type { Mint } from '../mint.js';

const absent = group('transport', { ids: ['OA-1', 'OA-2'], refusal: nothingPresented });
const query = group('transport', { ids: ['OA-1', 'OA-3'], owed: 'policy', refusal: malformed });
const identity = group('transport', { ids: ['OA-11'], refusal: nothingPresented });

type Header = readonly [name: string, value: string];

/** A good token, sent in other ways than the one. */
const sent =
  (headers: (token: string, mint: Mint) => readonly Header[], search?: (token: string) => string) =>
  (mint: Mint): Presented => {
    const token = mint.token();
    return { headers: headers(token, mint), ...(search ? { query: search(token) } : {}) };
  };
const inHeader = (name: string, value = (token: string) => token) => sent((token) => [[name, value(token)]]);
const inQuery = (name: string, alsoInHeader = false) =>
  sent(
    (token) => (alsoInHeader ? [['Authorization', `Bearer ${token}`]] : []),
    (token) => `${name}=${token}`,
  );

const header = 'RFC 6750 section 2.1: Authorization: Bearer is the one place';
const url = 'RFC 9700 section 4.3.2: addresses end up in logs and histories';
const identityHeaders = 'who a proxy says it is can be said by anyone who reaches the API';

export const otherPlaces = [
  query('the token in the query', url, inQuery('access_token')),
  query(
    'the token in the query and in the header',
    'RFC 6750 section 2: one method at a time',
    inQuery('access_token', true),
    { owed: 'standard' },
  ),
  query('the token in the query, its name percent-encoded', url, inQuery('access%5Ftoken')),
  query('the token in the query by another name, and in the header', url, inQuery('jwt', true)),
  query('an ID token in the query, and the token in the header', url, inQuery('id_token', true)),
  absent('the token in a query that nobody knows', url, inQuery('authorization')),
  absent(
    'the token in a cookie',
    'FusionAuth’s app.at counts only where cookies are switched on',
    inHeader('Cookie', (token) => `app.at=${token}`),
    { ids: ['OA-1'], owed: 'issuer' },
  ),
  absent(
    'the token in a cookie of the Login API',
    'access_token is FusionAuth’s cookie for FusionAuth',
    inHeader('Cookie', (token) => `access_token=${token}`),
    { owed: 'issuer' },
  ),
  absent('the token in X-Access-Token', header, inHeader('X-Access-Token')),
  absent('the token in X-API-Key', header, inHeader('X-API-Key')),
  absent(
    'the token in Proxy-Authorization',
    'RFC 9110 section 11.7.2: that is for the proxy',
    inHeader('Proxy-Authorization', (token) => `Bearer ${token}`),
  ),
  absent(
    'the token in X-Forwarded-Authorization',
    header,
    inHeader('X-Forwarded-Authorization', (token) => `Bearer ${token}`),
  ),
  absent(
    'the token in a name that only looks like Authorization',
    'a gateway that joins _ and - would take it',
    inHeader('Authorization_', (token) => `Bearer ${token}`),
  ),
  absent(
    'the token among the protocols of a WebSocket',
    header,
    inHeader('Sec-WebSocket-Protocol', (token) => `bearer, ${token}`),
  ),
  identity(
    'the identity headers of a gateway',
    identityHeaders,
    sent((_token, { records }) => [
      ['X-Auth-Subject', records.people.ada.sub],
      ['X-Auth-Roles', 'todo-reader'],
    ]),
  ),
  identity(
    'the identity headers of an authenticating proxy',
    identityHeaders,
    sent(() => [
      ['X-Forwarded-User', 'ada'],
      ['X-Remote-User', 'ada'],
      ['Remote-User', 'ada'],
    ]),
  ),
  identity(
    'the verified claims of a gateway',
    identityHeaders,
    sent((_token, { claims }) => [
      ['X-JWT-Claims', JSON.stringify(claims())],
      ['X-Userinfo', Buffer.from(JSON.stringify(claims())).toString('base64')],
    ]),
  ),
];
