import { crossSite, kinds, malformed, nothingPresented } from '../kind.js';
import { bearer, type Header, inHeaders, type Make } from '../make.js';

const cookie = (value: string): Header => ['Cookie', `theme=dark; app.at=${value}`];
/** Presents a valid token in these cookies. */
const cookieHeader = (value: (token: string) => string): Make =>
  inHeaders((token) => [['Cookie', value(token)]]);
/** Makes a request that may change state, with a valid token in the cookie. */
const posted =
  (...proof: readonly Header[]): Make =>
  (mint) => ({ method: 'POST', headers: [cookie(mint.token()), ...proof] });

const group = 'cookies';
const shared = { ids: ['OA-1'], owed: 'issuer', noticedBy: ['cookies'] } as const;

/** For an API that reads tokens from the header and from the cookie `app.at` of FusionAuth's hosted backend. */
export const cookies = [
  ...kinds(group, { ...shared, refusal: malformed })({
    'RFC 6265 section 4.2.2: parsers differ in which of two cookies they keep': {
      'the cookie twice': cookieHeader((token) => `app.at=${token}; app.at=${token}`),
      'the cookie twice, the good one last': cookieHeader((token) => `app.at=x; app.at=${token}`),
      'the cookie in two headers': inHeaders((token) => [cookie(token), cookie(token)]),
    },
    'RFC 6750 section 2: one method at a time': {
      'the token in the cookie and in the header': inHeaders((token) => [
        ...bearer(token).headers,
        cookie(token),
      ]),
    },
    'it holds one token or it is malformed': {
      'an empty cookie': inHeaders(() => [cookie('')]),
      'quotation marks in the cookie': inHeaders((token) => [cookie(`"${token}"`)]),
      'two tokens in the cookie': inHeaders((token) => [cookie(`${token},${token}`)]),
      'the scheme in the cookie': inHeaders((token) => [cookie(`Bearer ${token}`)]),
    },
  }),
  ...kinds(group, { ...shared, refusal: nothingPresented })({
    'FusionAuth’s app.idt is for the application only': {
      'the token in the cookie of the ID token': cookieHeader((token) => `app.idt=${token}`),
    },
    'names of cookies are compared exactly': {
      'the token in a cookie that only begins like it': cookieHeader(
        // cspell:ignore xapp
        (token) => `app.at2=${token}; xapp.at=${token}`,
      ),
    },
  }),
  ...kinds(
    group,
    shared,
  )({
    'FusionAuth signs ID tokens with the same key, issuer, audience and type': {
      'an ID token in the cookie': (mint) => ({
        headers: [cookie(mint.token({ nonce: 'n', roles: undefined, applicationId: undefined }))],
      }),
    },
    'RFC 8725 section 3.2: an unsigned token proves nothing': {
      'an unsigned token in the cookie': (mint) => ({ headers: [cookie(mint.token({}, { alg: 'none' }))] }),
    },
  }),
  ...kinds(group, { ...shared, refusal: crossSite, route: 'role' })({
    'a browser adds cookies to the requests that another site causes': {
      'a change that does not name its origin': posted(),
      'a change from another site': posted(['Origin', 'https://evil.example']),
      'a change from a null origin': posted(['Origin', 'null']),
      'a change from another site, as the browser reports': posted(['Sec-Fetch-Site', 'cross-site']),
      'a change from another host of the same site': posted(['Sec-Fetch-Site', 'same-site']),
      'a change that names two sites': posted(
        ['Sec-Fetch-Site', 'same-origin'],
        ['Sec-Fetch-Site', 'cross-site'],
      ),
      'a change that names two origins': posted(
        ['Sec-Fetch-Site', 'same-origin'],
        ['Origin', 'https://a.example'],
        ['Origin', 'https://evil.example'],
      ),
    },
  }),
];
