import { cookieHeaders, occurrencesIn } from './event-headers.js';

describe('the values of a header in an event', () => {
  it.each<[string, object, string[]]>([
    ['nothing', {}, []],
    ['no headers at all', { headers: null, multiValueHeaders: null }, []],
    ['a name in any case', { headers: { 'X-API-KEY': 'k', 'X-Api': 'n' } }, ['k']],
    ['one name in two spellings', { headers: { 'x-api-key': 'a', 'X-API-Key': 'b' } }, ['a', 'b']],
    ['every value of the lists', { multiValueHeaders: { 'X-API-Key': ['a', 'a'] } }, ['a', 'a']],
    [
      'a value once that both hold',
      { headers: { a: 'x', 'x-api-key': 'k' }, multiValueHeaders: { 'X-Api-Key': ['k'] } },
      ['k'],
    ],
    [
      'a value that the lists lack',
      { headers: { 'x-api-key': 'b' }, multiValueHeaders: { 'X-API-Key': ['a'] } },
      ['a', 'b'],
    ],
    [
      'only values that are text',
      { headers: { 'x-api-key': 7 }, multiValueHeaders: { 'x-api-key': [null] } },
      [],
    ],
  ])('are those of %s', (_what, event, values) => {
    expect(occurrencesIn(event, 'x-api-key')).toEqual(values);
  });
});

it.each(['origin', 'sec-fetch-site'])(
  'the values of %s are separated where an HTTP API has joined them',
  (name) => {
    expect(occurrencesIn({ headers: { [name]: 'a,b' } }, name)).toEqual(['a', 'b']);
  },
);

describe('the cookies of an event', () => {
  it.each<[string, object, string[]]>([
    ['the header, where there is no list', { headers: { Cookie: 'a=1; b=2' } }, ['a=1; b=2']],
    ['the list, where the header is gone', { cookies: ['a=1', 'b=2'] }, ['a=1', 'b=2']],
    [
      'the list, where the header says the same',
      { cookies: ['a=1', 'b=2'], headers: { cookie: 'a=1; b=2' } },
      ['a=1', 'b=2'],
    ],
    ['both, where they differ', { cookies: ['a=1'], headers: { cookie: 'a=2' } }, ['a=1', 'a=2']],
    ['only what is text', { cookies: [7, null] }, []],
  ])('are %s', (_what, event, values) => {
    expect(cookieHeaders(event)).toEqual(values);
  });
});
