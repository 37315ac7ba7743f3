import { group, malformed, nothingPresented, type Presented } from '../kind.js';
import type { Mint } from '../mint.js';

const absent = group('transport', { ids: ['OA-1', 'OA-2'], refusal: nothingPresented });
const several = group('transport', { ids: ['OA-1'], owed: 'policy', refusal: malformed });
const grammar = group('transport', { ids: ['OA-1', 'OA-2'], refusal: malformed });

type Header = readonly [name: string, value: string];

/** A good token, with one or more Authorization headers made of it. */
const sent =
  (headers: (token: string) => readonly Header[]) =>
  (mint: Mint): Presented => ({ headers: headers(mint.token()) });
const authorization = (value: (token: string) => string) =>
  sent((token) => [['Authorization', value(token)]]);
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

const header = 'RFC 6750 section 2.1: Authorization: Bearer is the one place';
const twice = 'RFC 9110 section 5.3: what a proxy judged may not be what the server reads';
const b64token = 'RFC 6750 section 2.1: scheme, spaces, one token, nothing else';

export const authorizationHeaders = [
  absent('nothing at all', 'RFC 6750 section 3: an invitation, without an error', () => ({ headers: [] })),
  absent('an empty Authorization', header, () => ({ headers: [['Authorization', '']] })),
  absent(
    'the bare token',
    header,
    authorization((token) => token),
  ),
  absent(
    'the scheme Token',
    header,
    authorization((token) => `Token ${token}`),
  ),
  absent(
    'the scheme JWT',
    header,
    authorization((token) => `JWT ${token}`),
  ),
  absent(
    'the scheme DPoP without a proof',
    'RFC 9449 section 7.1: DPoP needs its proof',
    authorization((token) => `DPoP ${token}`),
    { ids: ['OA-1', 'OA-13'] },
  ),
  absent(
    'the token as a user name of Basic',
    header,
    authorization((token) => basic(`${token}:`)),
  ),
  absent(
    'the token as a password of Basic',
    header,
    authorization((token) => basic(`ada@example.com:${token}`)),
  ),
  absent(
    'the scheme and the token without a space',
    header,
    authorization((token) => `Bearer${token}`),
  ),
  absent(
    'a scheme that only begins with Bearer',
    header,
    authorization((token) => `Bearer-token ${token}`),
  ),
  absent(
    'a list that begins with another scheme',
    twice,
    authorization((token) => `Basic YTpi, Bearer ${token}`),
  ),
  grammar(
    'the scheme without a token',
    b64token,
    authorization(() => 'Bearer'),
  ),
  grammar(
    'a tab between scheme and token',
    b64token,
    authorization((token) => `Bearer\t${token}`),
  ),
  grammar(
    'a colon between scheme and token',
    b64token,
    authorization((token) => `Bearer: ${token}`),
  ),
  grammar(
    'an equals sign between scheme and token',
    b64token,
    authorization((token) => `Bearer=${token}`),
  ),
  grammar(
    'the scheme twice',
    b64token,
    authorization((token) => `Bearer Bearer ${token}`),
  ),
  grammar(
    'text behind the token',
    b64token,
    authorization((token) => `Bearer ${token} and more`),
  ),
  grammar(
    'a second token behind the token',
    b64token,
    authorization((token) => `Bearer ${token} ${token}`),
  ),
  grammar(
    'a parameter behind the token',
    b64token,
    authorization((token) => `Bearer ${token}, realm="api"`),
  ),
  grammar(
    'a semicolon behind the token',
    b64token,
    authorization((token) => `Bearer ${token}; charset=utf-8`),
  ),
  grammar(
    'a list of two bearers',
    twice,
    authorization((token) => `Bearer ${token}, Bearer ${token}`),
  ),
  grammar(
    'a byte beyond ASCII behind the token',
    b64token,
    authorization((token) => `Bearer ${token}\u00a0`),
  ),
  grammar(
    'the token as a parameter',
    b64token,
    authorization((token) => `Bearer token="${token}"`),
  ),
  several(
    'Authorization twice, the same',
    twice,
    sent((token) => [
      ['Authorization', `Bearer ${token}`],
      ['Authorization', `Bearer ${token}`],
    ]),
  ),
  several(
    'Authorization twice, the good one first',
    twice,
    sent((token) => [
      ['Authorization', `Bearer ${token}`],
      ['Authorization', 'Bearer no-token'],
    ]),
  ),
  several(
    'Authorization twice, the good one last',
    twice,
    sent((token) => [
      ['Authorization', 'Bearer no-token'],
      ['Authorization', `Bearer ${token}`],
    ]),
  ),
  several(
    'Authorization twice, Basic and Bearer',
    twice,
    sent((token) => [
      ['Authorization', basic('a:b')],
      ['authorization', `Bearer ${token}`],
    ]),
  ),
  several(
    'Authorization twice, the second empty',
    twice,
    sent((token) => [
      ['Authorization', `Bearer ${token}`],
      ['AUTHORIZATION', ''],
    ]),
  ),
];
