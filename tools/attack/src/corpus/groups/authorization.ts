import { kinds, malformed, nothingPresented } from '../kind.js';
import { inHeaders, type Make } from '../make.js';

/** Presents a valid token in one Authorization header, written differently. */
const authorization = (value: (token: string) => string): Make =>
  inHeaders((token) => [['Authorization', value(token)]]);
const scheme = (text: string): Make => authorization((token) => `${text}${token}`);
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

const group = 'transport';
const twice = 'RFC 9110 section 5.3: the proxy may have judged another header than the server reads';

export const authorizationHeaders = [
  ...kinds(group, { ids: ['OA-1', 'OA-2'], refusal: nothingPresented })({
    'RFC 6750 section 3: an invitation, without an error': { 'nothing at all': () => ({ headers: [] }) },
    'RFC 6750 section 2.1: Authorization: Bearer is the one place': {
      'an empty Authorization': () => ({ headers: [['Authorization', '']] }),
      'the bare token': scheme(''),
      'the scheme Token': scheme('Token '),
      'the scheme JWT': scheme('JWT '),
      'the token as a user name of Basic': authorization((token) => basic(`${token}:`)),
      'the token as a password of Basic': authorization((token) => basic(`ada@example.com:${token}`)),
      'the scheme and the token without a space': scheme('Bearer'),
      'a scheme that only begins with Bearer': scheme('Bearer-token '),
    },
    [twice]: { 'a list that begins with another scheme': scheme('Basic YTpi, Bearer ') },
  }),
  ...kinds(group, { ids: ['OA-1', 'OA-13'], refusal: nothingPresented })({
    'RFC 9449 section 7.1: DPoP needs its proof': { 'the scheme DPoP without a proof': scheme('DPoP ') },
  }),
  ...kinds(group, { ids: ['OA-1', 'OA-2'], refusal: malformed })({
    'RFC 6750 section 2.1: scheme, spaces, one token, nothing else': {
      'the scheme without a token': authorization(() => 'Bearer'),
      'a tab between scheme and token': scheme('Bearer\t'),
      'a colon between scheme and token': scheme('Bearer: '),
      'an equals sign between scheme and token': scheme('Bearer='),
      'the scheme twice': scheme('Bearer Bearer '),
      'text after the token': authorization((token) => `Bearer ${token} and more`),
      'a second token after the token': authorization((token) => `Bearer ${token} ${token}`),
      'a parameter after the token': authorization((token) => `Bearer ${token}, realm="api"`),
      'a semicolon after the token': authorization((token) => `Bearer ${token}; charset=utf-8`),
      'a byte beyond ASCII after the token': authorization((token) => `Bearer ${token}\u00a0`),
      'the token as a parameter': authorization((token) => `Bearer token="${token}"`),
    },
    [twice]: { 'a list of two bearers': authorization((token) => `Bearer ${token}, Bearer ${token}`) },
  }),
  ...kinds(group, { ids: ['OA-1'], owed: 'policy', refusal: malformed })({
    [twice]: {
      'Authorization twice, the same': inHeaders((token) => [
        ['Authorization', `Bearer ${token}`],
        ['Authorization', `Bearer ${token}`],
      ]),
      'Authorization twice, the good one first': inHeaders((token) => [
        ['Authorization', `Bearer ${token}`],
        ['Authorization', 'Bearer no-token'],
      ]),
      'Authorization twice, the good one last': inHeaders((token) => [
        ['Authorization', 'Bearer no-token'],
        ['Authorization', `Bearer ${token}`],
      ]),
      'Authorization twice, Basic and Bearer': inHeaders((token) => [
        ['Authorization', basic('a:b')],
        ['authorization', `Bearer ${token}`],
      ]),
      'Authorization twice, the second empty': inHeaders((token) => [
        ['Authorization', `Bearer ${token}`],
        ['AUTHORIZATION', ''],
      ]),
    },
  }),
];
