import { type Carrier, openApiScheme, readerOf } from './carrier.js';
import type { RequestFacts } from './facts.js';
import { malformed } from './failure.js';

const scheme: Carrier = { in: 'authorization', scheme: 'Bearer', form: 'one token', format: 'JWT' };
const header: Carrier = { in: 'header', name: 'X-API-Key' };
const cookie: Carrier = { in: 'cookie', name: 'app.at' };

const held = (carrier: Carrier, headers: Record<string, string[]>) =>
  readerOf(carrier)({ header: (name: string) => headers[name] ?? [] } as unknown as RequestFacts);

describe('what a request holds at a carrier', () => {
  it.each<[string, Carrier, Record<string, string[]>, unknown]>([
    ['nothing in Authorization', scheme, {}, undefined],
    ['another scheme', scheme, { authorization: ['Basic YTpi'] }, undefined],
    ['a longer scheme', scheme, { authorization: ['Bearers a'] }, undefined],
    ['the text behind the scheme', scheme, { authorization: ['bearer  abc'] }, 'abc'],
    ['nothing in the header', header, { 'x-api-keys': ['k'] }, undefined],
    ['the header, in any case', header, { 'x-api-key': ['k'] }, 'k'],
    ['the header, empty', header, { 'x-api-key': [''] }, ''],
    ['no cookie of the name', cookie, { cookie: ['app.att=x'] }, undefined],
    ['the cookie', cookie, { cookie: ['a=b; app.at=x'] }, 'x'],
  ])('is %s', (_what, carrier, headers, expected) => {
    expect(held(carrier, headers)).toBe(expected);
  });

  it.each<[Carrier, Record<string, string[]>, string]>([
    [scheme, { authorization: ['Bearer a', 'Digest b'] }, 'The Authorization header occurs more than once.'],
    [header, { 'x-api-key': ['k', 'k'] }, 'The X-API-Key header occurs more than once.'],
    [cookie, { cookie: ['app.at=x', 'app.at=x'] }, 'The cookie app.at occurs more than once.'],
  ])('is malformed where there are two values: %j', (carrier, headers, detail) => {
    expect(held(carrier, headers)).toEqual(malformed(detail));
  });

  it.each(['Bearer', 'Bearer ', 'Bearer\ta', 'Bearer,a'])(
    'is malformed where nothing valid follows the scheme: %j',
    (value) => {
      expect(held(scheme, { authorization: [value] })).toEqual(
        malformed('The Authorization header must read: Bearer, one space, one token.'),
      );
    },
  );
});

describe('the description of a carrier', () => {
  it.each<[Carrier, object]>([
    [scheme, { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'd' }],
    [
      { in: 'authorization', scheme: 'Basic', form: 'f' },
      { type: 'http', scheme: 'basic', description: 'd' },
    ],
    [header, { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'd' }],
    [cookie, { type: 'apiKey', in: 'cookie', name: 'app.at', description: 'd' }],
  ])('of %j is an OpenAPI security scheme', (carrier, expected) => {
    expect(openApiScheme(carrier, 'd')).toStrictEqual(expected);
  });
});
