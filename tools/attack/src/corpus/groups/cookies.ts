import { bearer, crossSite, group, malformed, nothingPresented, type Presented } from '../kind.js';
import type { Mint } from '../mint.js';

const kind = group('cookies', { ids: ['OA-1'], owed: 'issuer', noticedBy: ['cookies'] });
const twice = { refusal: malformed };
const unsafe = { refusal: crossSite, route: 'role' } as const;

type Header = readonly [name: string, value: string];

const cookie = (value: string): Header => ['Cookie', `theme=dark; app.at=${value}`];
const sent =
  (headers: (token: string) => readonly Header[]) =>
  (mint: Mint): Presented => ({ headers: headers(mint.token()) });
/** A request that may change something, with a good token in the cookie. */
const posted =
  (...proof: readonly Header[]) =>
  (mint: Mint): Presented => ({ method: 'POST', headers: [cookie(mint.token()), ...proof] });

const one = 'RFC 6265 section 4.2.2: which of two cookies a parser keeps is anybody’s guess';
const csrf = 'a browser sends cookies along with whatever another site makes it request';

/** For an API that takes tokens from the header and from the cookie `app.at` of FusionAuth's hosted backend. */
export const cookies = [
  kind(
    'the cookie twice',
    one,
    sent((token) => [['Cookie', `app.at=${token}; app.at=${token}`]]),
    twice,
  ),
  kind(
    'the cookie twice, the good one last',
    one,
    sent((token) => [['Cookie', `app.at=x; app.at=${token}`]]),
    twice,
  ),
  kind(
    'the cookie in two headers',
    one,
    sent((token) => [cookie(token), cookie(token)]),
    twice,
  ),
  kind(
    'the token in the cookie and in the header',
    'RFC 6750 section 2: one method at a time',
    sent((token) => [...bearer(token).headers, cookie(token)]),
    twice,
  ),
  kind(
    'an empty cookie',
    'it holds one token or it is malformed',
    sent(() => [cookie('')]),
    twice,
  ),
  kind(
    'quotation marks in the cookie',
    'it holds one token or it is malformed',
    sent((token) => [cookie(`"${token}"`)]),
    twice,
  ),
  kind(
    'two tokens in the cookie',
    'it holds one token or it is malformed',
    sent((token) => [cookie(`${token},${token}`)]),
    twice,
  ),
  kind(
    'the scheme in the cookie',
    'it holds one token or it is malformed',
    sent((token) => [cookie(`Bearer ${token}`)]),
    twice,
  ),
  kind(
    'the token in the cookie of the ID token',
    'FusionAuth’s app.idt is for the application’s own eyes',
    sent((token) => [['Cookie', `app.idt=${token}`]]),
    { refusal: nothingPresented },
  ),
  kind(
    'the token in a cookie that only begins like it',
    'names of cookies are compared whole',
    sent((token) => [['Cookie', `app.at2=${token}; xapp.at=${token}`]]),
    { refusal: nothingPresented },
  ),
  kind(
    'an ID token in the cookie',
    'FusionAuth signs ID tokens with the same key, issuer, audience and type',
    (mint) => ({ headers: [cookie(mint.token({ nonce: 'n', roles: undefined, applicationId: undefined }))] }),
  ),
  kind(
    'an unsigned token in the cookie',
    'RFC 8725 section 3.2: an unsigned token proves nothing',
    (mint) => ({ headers: [cookie(mint.token({}, { alg: 'none' }))] }),
  ),
  kind('a change without a word of where it comes from', csrf, posted(), unsafe),
  kind('a change from another site', csrf, posted(['Origin', 'https://evil.example']), unsafe),
  kind('a change from nowhere', csrf, posted(['Origin', 'null']), unsafe),
  kind(
    'a change from another site, as the browser tells',
    csrf,
    posted(['Sec-Fetch-Site', 'cross-site']),
    unsafe,
  ),
  kind('a change from a neighbour of the same site', csrf, posted(['Sec-Fetch-Site', 'same-site']), unsafe),
  kind(
    'a change that tells two places',
    csrf,
    posted(['Sec-Fetch-Site', 'same-origin'], ['Sec-Fetch-Site', 'cross-site']),
    unsafe,
  ),
  kind(
    'a change that tells two origins',
    csrf,
    posted(
      ['Sec-Fetch-Site', 'same-origin'],
      ['Origin', 'https://a.example'],
      ['Origin', 'https://evil.example'],
    ),
    unsafe,
  ),
];
