import { readerOf } from '../../core/carrier.js';
import type { RequestFacts } from '../../core/facts.js';
import { forbidden, malformed } from '../../core/failure.js';
import { fromCookie } from './cookie.js';

const allowed = ['https://app.example.com'];

const request = (method: string, headers: Record<string, string | string[]>): RequestFacts => ({
  requestId: 'r',
  address: '192.0.2.1',
  method,
  url: '/todos',
  header: (name) => [headers[name] ?? []].flat(),
});

const name = 'app.at';
const read = readerOf({ in: 'cookie', name });
/** Extracts from a request: undefined, a refusal, or a credential. */
const extracted = (method: string, headers: Record<string, string | string[]>) => {
  const facts = request(method, headers);
  const held = read(facts);
  return typeof held === 'string' ? fromCookie(held, name, facts, allowed) : held;
};

const token = 'aaa.bbb.ccc';
const found = { credential: token };

describe('a token in a cookie', () => {
  it.each([`app.at=${token}`, `theme=dark; app.at=${token}; lang=en`, `a=1;app.at=${token}`])(
    'is taken from %s',
    (cookie) => {
      expect(extracted('GET', { cookie })).toEqual(found);
    },
  );

  // cspell:ignore xapp
  it.each(['', 'theme=dark', 'app.at', `xapp.at=${token}`, `app.att=${token}`, `APP.AT=${token}`])(
    'is not there in %p',
    (cookie) => {
      expect(extracted('GET', { cookie })).toBeUndefined();
    },
  );

  it.each([
    ['twice in one header', `app.at=${token}; app.at=x.y.z`, 'occurs more than once'],
    ['in two headers', [`app.at=${token}`, 'app.at=x.y.z'], 'occurs more than once'],
    ['empty', 'app.at=', 'is empty'],
  ])('is malformed when it comes %s (OA-1)', (_how, cookie, problem) => {
    expect(extracted('GET', { cookie })).toEqual(malformed(`The cookie app.at ${problem}.`));
  });
});

describe('a cookie on a request that may change something', () => {
  const cookie = `app.at=${token}`;

  it.each([
    { origin: 'https://app.example.com' },
    { 'sec-fetch-site': 'same-origin' },
    { origin: 'https://api.example.com', 'sec-fetch-site': 'same-origin' },
  ])('is accepted with proof of its origin: %j', (proof) => {
    for (const method of ['POST', 'PATCH', 'DELETE', 'PUT'])
      expect(extracted(method, { cookie, ...proof })).toEqual(found);
  });

  it.each<Record<string, string | string[]>>([
    {},
    { origin: 'null' },
    { origin: '' },
    { origin: 'https://evil.example' },
    { origin: 'https://app.example.com.evil.example' },
    { origin: 'http://app.example.com' },
    { origin: 'HTTPS://APP.EXAMPLE.COM' },
    { origin: ['https://app.example.com', 'https://evil.example'] },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': ['same-origin', 'cross-site'] },
    { referer: 'https://app.example.com/' },
  ])('is refused without it: %j', (proof) => {
    expect(extracted('POST', { cookie, ...proof })).toEqual(forbidden('origin', { code: 'csrf_refused' }));
  });

  it('may be of an unknown method, which counts as unsafe', () => {
    expect(extracted('PURGE', { cookie })).toMatchObject({ failure: { kind: 'forbidden' } });
    expect(extracted('get', { cookie })).toMatchObject({ failure: { kind: 'forbidden' } });
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('needs no proof for %s', (method) => {
    expect(extracted(method, { cookie })).toEqual(found);
  });
});
