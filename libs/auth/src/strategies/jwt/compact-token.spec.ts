import fc from 'fast-check';
import { readCompactToken, segmentsOf } from './compact-token.js';

const encode = (text: string | Buffer) => Buffer.from(text).toString('base64url');
const token = (header: string | Buffer, claims: string | Buffer, signature = 'c2ln') =>
  `${encode(header)}.${encode(claims)}.${signature}`;

describe('the segments of a token', () => {
  it('are what its first two dots divide', () => {
    expect(segmentsOf('a.b.c')).toEqual({ header: 'a', claims: 'b', signature: 'c' });
  });

  it.each(['', 'a', 'a.b', '.a.b'])('are not there in %j', (text) => {
    expect(segmentsOf(text)).toBeUndefined();
  });
});

describe('reading a compact token', () => {
  it('returns header and claims of two JSON objects', () => {
    expect(readCompactToken(token('{"alg":"RS256"}', '{"sub":"a"}'))).toEqual({
      header: { alg: 'RS256' },
      claims: { sub: 'a' },
    });
  });

  it('accepts escaped quotes, nested members and strings that look like members', () => {
    const claims = {
      'a"b': '{"x":1}',
      nested: { list: [{ deep: '":' }, 'p : q'], empty: {} },
      backslash: '\\',
    };
    expect(readCompactToken(token('{}', JSON.stringify(claims)))?.claims).toEqual(claims);
  });

  it.each([' ', '\t', '\n', '\r', ' \r\n\t '])('finds the names however they are spaced: %j', (space) => {
    const spaced = (name: string) => `{"a":1,${space}"${name}"${space}:${space}{"a"${space}:2}}`;
    expect(readCompactToken(token('{}', spaced('b')))?.claims).toEqual({ a: 1, b: { a: 2 } });
    expect(readCompactToken(token('{}', spaced('a')))).toBeUndefined();
  });

  it('reads 8,192 characters and no more', () => {
    const longest = (length: number) => `${encode('{}')}.${encode('{}')}.${'A'.repeat(length - 8)}`;
    expect(readCompactToken(longest(8_192))).toEqual({ header: {}, claims: {} });
    expect(readCompactToken(longest(8_196))).toBeUndefined();
  });

  it('reads a segment only where its bytes, encoded again, are the same letters', () => {
    // cspell:ignore Qgw lna
    const letters = 'ABQgw08-_ZzX9+/=. \n~é\u0141\uff21';
    const segment = fc.string({ unit: fc.constantFrom(...Array.from(letters)), minLength: 1, maxLength: 13 });
    fc.assert(
      fc.property(segment, (text) => {
        const canonical = Buffer.from(text, 'base64url').toString('base64url') === text;
        expect(readCompactToken(`e30.e30.${text}`) !== undefined).toBe(canonical);
      }),
      { numRuns: 3_000 },
    );
  });

  it('counts no member twice for colons, quotes and braces within strings', () => {
    const json = fc.json({ maxDepth: 3 }).filter((text) => text.startsWith('{'));
    fc.assert(
      fc.property(json, fc.constantFrom('', ' ', '\n'), (text, space) => {
        const spaced = JSON.stringify(JSON.parse(text), undefined, space);
        expect(readCompactToken(token('{}', spaced))?.claims).toEqual(JSON.parse(text));
        const twice = `{"x:\\":":${space}1, ${spaced.slice(1, -1)}${spaced.length > 2 ? ',' : ''}"x:\\":"${space}:2}`;
        expect(readCompactToken(token('{}', twice))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['two segments', `${encode('{}')}.${encode('{}')}`],
    ['an empty signature', `${encode('{}')}.${encode('{}')}.`],
    ['five segments', 'a.b.c.d.e'],
    ['padding', `${encode('{"a":1}')}==.${encode('{}')}.c2ln`],
    ['standard base64 letters', `${encode('{}')}.${encode('{}')}.+/+/`],
    ['a signature with stray trailing bits', token('{}', '{}', 'c2lnaX')],
    ['a signature of a number of letters that no bytes have', token('{}', '{}', 'c2lnA')],
    ['a header that is a number', token('7', '{}')],
    ['a header that is text', token('"{}"', '{}')],
    ['claims that are an array of objects', token('{}', '[{"sub":"a"}]')],
    ['a member that occurs twice behind backslashes', token('{}', '{"a":"\\\\","b":"\\"","b":1}')],
    ['claims with stray trailing bits', `${encode('{}')}.e33.c2ln`],
    ['a header that is an array', token('[]', '{}')],
    ['claims that are null', token('{}', 'null')],
    ['claims that are not JSON', token('{}', '{')],
    ['bytes that are not UTF-8', token('{}', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))],
    ['a byte order mark', token('{}', Buffer.from('\ufeff{}'))],
    ['a member that occurs twice', token('{}', '{"sub":"a","sub":"b"}')],
    ['a member that occurs twice by an escape', token('{}', '{"sub":"a","s\\u0075b":"b"}')],
    ['a nested member that occurs twice', token('{}', '{"a":{"b":1,"b":2}}')],
    ['white space around it', ` ${token('{}', '{}')}`],
    ['more than 8 kB', token('{}', JSON.stringify({ pad: 'x'.repeat(8_192) }))],
  ])('refuses %s', (_what, text) => {
    expect(readCompactToken(text)).toBeUndefined();
  });
});
