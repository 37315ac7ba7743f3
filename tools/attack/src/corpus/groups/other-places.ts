import { kinds, malformed, nothingPresented } from '../kind.js';
import { type Header, inHeaders, type Make } from '../make.js';

const inHeader = (name: string, value = (token: string) => token): Make =>
  inHeaders((token) => [[name, value(token)]]);
const inQuery =
  (name: string, alsoInHeader = false): Make =>
  (mint) => {
    const token = mint.token();
    const headers: Header[] = alsoInHeader ? [['Authorization', `Bearer ${token}`]] : [];
    return { headers, query: `${name}=${token}` };
  };
const bearerIn = (name: string): Make => inHeader(name, (token) => `Bearer ${token}`);

const group = 'transport';
const oneMethod = 'RFC 6750 section 2: one method at a time';
const url = 'RFC 9700 section 4.3.2: URLs end up in logs and histories';

export const otherPlaces = [
  ...kinds(group, { ids: ['OA-1', 'OA-3'], owed: 'policy', refusal: malformed })({
    [url]: {
      'the token in the query': inQuery('access_token'),
      'the token in the query, its name percent-encoded': inQuery('access%5Ftoken'),
      'the token in the query by another name, and in the header': inQuery('jwt', true),
      'an ID token in the query, and the token in the header': inQuery('id_token', true),
    },
  }),
  ...kinds(group, { ids: ['OA-1', 'OA-3'], refusal: malformed })({
    [oneMethod]: { 'the token in the query and in the header': inQuery('access_token', true) },
  }),
  ...kinds(group, { ids: ['OA-1', 'OA-2'], refusal: nothingPresented })({
    [url]: { 'the token in an unknown query parameter': inQuery('authorization') },
    'RFC 6750 section 2.1: Authorization: Bearer is the one place': {
      'the token in X-Access-Token': inHeader('X-Access-Token'),
      'the token in X-API-Key': inHeader('X-API-Key'),
      'the token in X-Forwarded-Authorization': bearerIn('X-Forwarded-Authorization'),
      'the token among the protocols of a WebSocket': inHeader(
        'Sec-WebSocket-Protocol',
        (token) => `bearer, ${token}`,
      ),
    },
    'RFC 9110 section 11.7.2: that is for the proxy': {
      'the token in Proxy-Authorization': bearerIn('Proxy-Authorization'),
    },
    'a gateway that treats _ as - would accept it': {
      'the token in a name that only looks like Authorization': bearerIn('Authorization_'),
    },
  }),
  ...kinds(group, { ids: ['OA-1'], owed: 'issuer', refusal: nothingPresented })({
    'FusionAuth’s app.at counts only where cookies are switched on': {
      'the token in a cookie': inHeader('Cookie', (token) => `app.at=${token}`),
    },
  }),
  ...kinds(group, { ids: ['OA-1', 'OA-2'], owed: 'issuer', refusal: nothingPresented })({
    'access_token is FusionAuth’s cookie for FusionAuth': {
      'the token in a cookie of the Login API': inHeader('Cookie', (token) => `access_token=${token}`),
    },
  }),
  ...kinds(group, { ids: ['OA-11'], refusal: nothingPresented })({
    'anyone who reaches the API can send the identity headers of a proxy': {
      'the identity headers of a gateway': ({ records }) => ({
        headers: [
          ['X-Auth-Subject', records.people.ada.sub],
          ['X-Auth-Roles', 'todo-reader'],
        ],
      }),
      'the identity headers of an authenticating proxy': () => ({
        headers: [
          ['X-Forwarded-User', 'ada'],
          ['X-Remote-User', 'ada'],
          ['Remote-User', 'ada'],
        ],
      }),
      'the verified claims of a gateway': ({ claims }) => ({
        headers: [
          ['X-JWT-Claims', JSON.stringify(claims())],
          ['X-Userinfo', Buffer.from(JSON.stringify(claims())).toString('base64')],
        ],
      }),
    },
  }),
];
