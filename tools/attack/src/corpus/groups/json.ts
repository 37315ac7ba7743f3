import { kinds } from '../kind.js';
import { type Make, signed } from '../make.js';
import type { Mint, Signed } from '../mint.js';

/** Makes claims from raw text, correctly signed. */
const written = (payload: string): Make => signed(() => ({ payload }));
/** Makes claims from the text of valid ones, correctly signed. */
const rewritten = (change: (json: string) => string | Buffer): Make =>
  signed((mint) => ({ payload: change(JSON.stringify(mint.claims())) }));

/** Adds a member to valid claims, at the start or the end. */
const first = (member: string): Make => rewritten((json) => `{${member},${json.slice(1)}`);
const last = (member: string): Make => rewritten((json) => `${json.slice(0, -1)},${member}}`);

/** Adds a note of these bytes to valid claims. */
const rawNote = (...bytes: number[]): Make =>
  rewritten((json) =>
    Buffer.concat([Buffer.from(`${json.slice(0, -1)},"note":"`), Buffer.from(bytes), Buffer.from('"}')]),
  );

const underHeader = (header: (mint: Mint) => NonNullable<Signed['header']>): Make =>
  signed((mint) => ({ header: header(mint) }));

const group = 'JSON';
const ids = ['JWT-7'];
const anObject = 'RFC 7519 section 3: the claims are an object';
const headerObject = 'RFC 7515 section 4: the header is an object';
const otherSub = '"sub":"00000000-0000-4000-8000-000000000001"';

export const jsonForm = [
  ...kinds(group, { ids, owed: 'policy' })({
    'RFC 7519 section 4: parsers differ in which of two they believe, so refuse or take the last': {
      'a subject twice, another’s last': last(otherSub),
      'a subject twice, another’s first': first(otherSub),
      'an expiry twice': last('"exp":4102444800'),
      'an audience twice': first('"aud":"another"'),
      'roles twice': first('"roles":["admin"]'),
      'a subject twice, once by an escape': first(
        String.raw`"s\u0075b":"00000000-0000-4000-8000-000000000001"`,
      ),
      'a nested member twice': last('"data":{"a":1,"a":2}'),
      'a prototype twice': last('"__proto__":{"a":1},"__proto__":{"b":2}'),
    },
    'RFC 8259 section 8.1: a byte order mark must not be added': {
      'a byte order mark': rewritten((json) => `\ufeff${json}`),
    },
    'RFC 8725 section 3.7: UTF-8 and nothing else': { 'bytes that are not UTF-8': rawNote(0xff) },
    'RFC 3629 section 3: overlong forms hide what a filter looks for': {
      'a slash spelled overlong in UTF-8': rawNote(0xc0, 0xaf),
    },
    'RFC 3629 section 3: surrogates are not characters': {
      'half a surrogate pair in UTF-8': rawNote(0xed, 0xa0, 0x80),
    },
    'RFC 7515 section 4: parsers differ in which of two they believe, so refuse or take the last': {
      'a header with an algorithm twice, the good one last': underHeader(
        ({ keys }) => `{"alg":"none","alg":"RS256","kid":"${keys.good.rs256.kid}"}`,
      ),
      'a header with an algorithm twice, the good one first': underHeader(
        ({ keys }) => `{"alg":"RS256","kid":"${keys.good.rs256.kid}","alg":"none"}`,
      ),
      'a header with a key id twice': underHeader(
        ({ keys }) => `{"alg":"RS256","kid":"${keys.strangers.rsa.kid}","kid":"${keys.good.rs256.kid}"}`,
      ),
    },
  }),
  ...kinds(group, { ids })({
    [anObject]: {
      'claims that are an array': rewritten((json) => `[${json}]`),
      'claims that are a string': rewritten((json) => JSON.stringify(json)),
      'claims that are a number': written('1'),
      'claims that are null': written('null'),
      'claims that are true': written('true'),
    },
    'RFC 7519 section 4: there are no claims': { 'claims that are an empty object': written('{}') },
    'RFC 8259: this is not JSON': {
      'claims that are white space': written('   '),
      'claims that are cut off': rewritten((json) => json.slice(0, -1)),
      'something after the claims': rewritten((json) => `${json}{"roles":["admin"]}`),
      'a NUL after the claims': rewritten((json) => `${json}\u0000`),
      'a comma after the last member': rewritten((json) => json.replace(/\}$/, ',}')),
      'names without quotation marks': rewritten((json) => json.replaceAll(/"(\w+)":/g, '$1:')),
      'single quotation marks': rewritten((json) => json.replaceAll('"', "'")),
      'a comment in the claims': rewritten((json) => json.replace('{', '{/* */')),
      'an expiry of NaN': rewritten((json) => json.replace(/"exp":\d+/, '"exp":NaN')),
      'an expiry of Infinity': rewritten((json) => json.replace(/"exp":\d+/, '"exp":Infinity')),
      'an expiry in hexadecimal': rewritten((json) => json.replace(/"exp":(\d+)/, '"exp":0x7fffffff')),
      'an expiry with a leading zero': rewritten((json) => json.replace(/"exp":/, '"exp":0')),
      'an expiry with a plus sign': rewritten((json) => json.replace(/"exp":/, '"exp":+')),
      'a line break inside a string': last('"note":"a\nb"'),
    },
    'RFC 8725 section 3.7: UTF-8 and nothing else': {
      'claims in UTF-16': rewritten((json) => Buffer.from(json, 'utf16le')),
    },
    'RFC 7519 section 3: the claims are JSON': {
      'claims in XML': written('<claims><sub>ada</sub></claims>'),
    },
    'RFC 7519 section 4: names are case-sensitive': {
      'the names of claims in upper case': rewritten((json) =>
        json.replaceAll(/"(iss|sub|aud|exp|iat)":/g, (name) => name.toUpperCase()),
      ),
    },
    'members of a prototype are not claims of the token': {
      'claims only as members of a prototype': rewritten((json) => `{"__proto__":${json}}`),
    },
    [headerObject]: {
      'a header that is an array': underHeader(() => '["RS256"]'),
      'a header that is a string': underHeader(() => '"RS256"'),
      'a header that is null': underHeader(() => 'null'),
    },
    'RFC 7515 section 4: the header is JSON': { 'a header that is not JSON': underHeader(() => 'alg=RS256') },
    'RFC 7515 section 4: the header is UTF-8': {
      'a header in UTF-16': underHeader(({ header }) => Buffer.from(JSON.stringify(header()), 'utf16le')),
    },
  }),
];
