import { bearer, group, type Presented } from '../kind.js';
import type { Mint } from '../mint.js';

const kind = group('JSON', { ids: ['JWT-7'] });
const lax = { owed: 'policy' } as const;

/** Claims written by hand and rightly signed. */
const written =
  (text: string | Buffer | ((json: string, mint: Mint) => string | Buffer)) =>
  (mint: Mint): Presented => {
    const payload = typeof text === 'function' ? text(JSON.stringify(mint.claims()), mint) : text;
    return bearer(mint.jws({ payload }));
  };

/** The good claims with one more member at the front or the end. */
const first = (member: string) => written((json) => `{${member},${json.slice(1)}`);
const last = (member: string) => written((json) => `${json.slice(0, -1)},${member}}`);

const unique = 'RFC 7519 section 4: parsers differ in which of two they believe, so refuse or take the last';
const twice = 'RFC 7515 section 4: parsers differ in which of two they believe, so refuse or take the last';
const json = 'RFC 8259: this is not JSON';

export const jsonForm = [
  kind('a subject twice, another’s last', unique, last('"sub":"00000000-0000-4000-8000-000000000001"'), lax),
  kind(
    'a subject twice, another’s first',
    unique,
    first('"sub":"00000000-0000-4000-8000-000000000001"'),
    lax,
  ),
  kind('an expiry twice', unique, last('"exp":4102444800'), lax),
  kind('an audience twice', unique, first('"aud":"another"'), lax),
  kind('roles twice', unique, first('"roles":["admin"]'), lax),
  kind(
    'a subject twice, once by an escape',
    unique,
    first(String.raw`"s\u0075b":"00000000-0000-4000-8000-000000000001"`),
    lax,
  ),
  kind('a nested member twice', unique, last('"data":{"a":1,"a":2}'), lax),
  kind('a prototype twice', unique, last('"__proto__":{"a":1},"__proto__":{"b":2}'), lax),
  kind(
    'claims that are an array',
    'RFC 7519 section 3: the claims are an object',
    written((text) => `[${text}]`),
  ),
  kind(
    'claims that are text',
    'RFC 7519 section 3: the claims are an object',
    written((text) => JSON.stringify(text)),
  ),
  kind('claims that are a number', 'RFC 7519 section 3: the claims are an object', written('1')),
  kind('claims that are null', 'RFC 7519 section 3: the claims are an object', written('null')),
  kind('claims that are true', 'RFC 7519 section 3: the claims are an object', written('true')),
  kind('claims that are an empty object', 'RFC 7519 section 4: nothing is claimed', written('{}')),
  kind('claims that are white space', json, written('   ')),
  kind(
    'claims that are cut off',
    json,
    written((text) => text.slice(0, -1)),
  ),
  kind(
    'something behind the claims',
    json,
    written((text) => `${text}{"roles":["admin"]}`),
  ),
  kind(
    'a NUL behind the claims',
    json,
    written((text) => `${text}\u0000`),
  ),
  kind(
    'a comma behind the last member',
    json,
    written((text) => text.replace(/\}$/, ',}')),
  ),
  kind(
    'names without quotation marks',
    json,
    written((text) => text.replaceAll(/"(\w+)":/g, '$1:')),
  ),
  kind(
    'single quotation marks',
    json,
    written((text) => text.replaceAll('"', "'")),
  ),
  kind(
    'a comment in the claims',
    json,
    written((text) => text.replace('{', '{/* */')),
  ),
  kind(
    'an expiry of NaN',
    json,
    written((text) => text.replace(/"exp":\d+/, '"exp":NaN')),
  ),
  kind(
    'an expiry of Infinity',
    json,
    written((text) => text.replace(/"exp":\d+/, '"exp":Infinity')),
  ),
  kind(
    'an expiry in hexadecimal',
    json,
    written((text) => text.replace(/"exp":(\d+)/, '"exp":0x7fffffff')),
  ),
  kind(
    'an expiry with a leading zero',
    json,
    written((text) => text.replace(/"exp":/, '"exp":0')),
  ),
  kind(
    'an expiry with a plus sign',
    json,
    written((text) => text.replace(/"exp":/, '"exp":+')),
  ),
  kind('a line break inside a string', json, last('"note":"a\nb"')),
  kind(
    'a byte order mark',
    'RFC 8259 section 8.1: none may be added',
    written((text) => `\ufeff${text}`),
    lax,
  ),
  kind('bytes that are not UTF-8', 'RFC 8725 section 3.7: UTF-8 and nothing else', rawNote(0xff), lax),
  kind(
    'a slash spelled overlong in UTF-8',
    'RFC 3629 section 3: overlong forms hide what a filter looks for',
    rawNote(0xc0, 0xaf),
    lax,
  ),
  kind(
    'half a surrogate pair in UTF-8',
    'RFC 3629 section 3: surrogates are not characters',
    rawNote(0xed, 0xa0, 0x80),
    lax,
  ),
  kind(
    'claims in UTF-16',
    'RFC 8725 section 3.7: UTF-8 and nothing else',
    written((text) => Buffer.from(text, 'utf16le')),
  ),
  kind(
    'claims in XML',
    'RFC 7519 section 3: the claims are JSON',
    written('<claims><sub>ada</sub></claims>'),
  ),
  kind(
    'the names of claims in capitals',
    'RFC 7519 section 4: names are case-sensitive',
    written((text) => text.replaceAll(/"(iss|sub|aud|exp|iat)":/g, (name) => name.toUpperCase())),
  ),
  kind(
    'claims only as members of a prototype',
    'what JSON.parse puts there is not a claim of the token',
    written((text) => `{"__proto__":${text}}`),
  ),
  kind('a header that is an array', 'RFC 7515 section 4: the header is an object', ({ jws }) =>
    bearer(jws({ header: '["RS256"]' })),
  ),
  kind('a header that is text', 'RFC 7515 section 4: the header is an object', ({ jws }) =>
    bearer(jws({ header: '"RS256"' })),
  ),
  kind('a header that is null', 'RFC 7515 section 4: the header is an object', ({ jws }) =>
    bearer(jws({ header: 'null' })),
  ),
  kind('a header that is no JSON', 'RFC 7515 section 4: the header is JSON', ({ jws }) =>
    bearer(jws({ header: 'alg=RS256' })),
  ),
  kind('a header in UTF-16', 'RFC 7515 section 4: the header is UTF-8', ({ jws, header: head }) =>
    bearer(jws({ header: Buffer.from(JSON.stringify(head()), 'utf16le') })),
  ),
  kind(
    'a header with an algorithm twice, the good one last',
    twice,
    ({ jws, keys }) => bearer(jws({ header: `{"alg":"none","alg":"RS256","kid":"${keys.good.rs256.kid}"}` })),
    lax,
  ),
  kind(
    'a header with an algorithm twice, the good one first',
    twice,
    ({ jws, keys }) => bearer(jws({ header: `{"alg":"RS256","kid":"${keys.good.rs256.kid}","alg":"none"}` })),
    lax,
  ),
  kind(
    'a header with a key id twice',
    twice,
    ({ jws, keys }) =>
      bearer(
        jws({ header: `{"alg":"RS256","kid":"${keys.strangers.rsa.kid}","kid":"${keys.good.rs256.kid}"}` }),
      ),
    lax,
  ),
];

/** The good claims with a note of these bytes. */
function rawNote(...bytes: number[]) {
  return written((json) =>
    Buffer.concat([Buffer.from(`${json.slice(0, -1)},"note":"`), Buffer.from(bytes), Buffer.from('"}')]),
  );
}
