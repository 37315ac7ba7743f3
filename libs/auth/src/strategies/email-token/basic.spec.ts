import { readerOf } from '../../core/carrier.js';
import type { RequestFacts } from '../../core/facts.js';
import { malformed } from '../../core/failure.js';
import { basic as carrier, extractBasic } from './basic.js';

const basic = (pair: string | Buffer) => [`Basic ${Buffer.from(pair).toString('base64')}`];
const read = readerOf(carrier);
/** Extracts from the values of Authorization: undefined, a refusal, or a credential. */
const extracted = (values: readonly string[]) => {
  const held = read({ header: () => values } as unknown as RequestFacts);
  return typeof held === 'string' ? extractBasic(held, '192.0.2.1') : held;
};

describe('extracting an e-mail and its token', () => {
  it('reads the e-mail in lower case, the token as it is, colons included', () => {
    expect(extracted(basic('Ada@Example.COM:To:Ken '))).toEqual({
      credential: { email: 'ada@example.com', token: 'To:Ken ', address: '192.0.2.1' },
    });
  });

  it.each(['basic YUBiLmM6dG9rZW4=', 'BASIC   YUBiLmM6dG9rZW4='])(
    'reads the scheme in any case, and as many spaces as the grammar allows: %s',
    (value) => {
      expect(extracted([value])).toMatchObject({ credential: { email: 'a@b.c', token: 'token' } });
    },
  );

  it('takes an e-mail beyond ASCII as FusionAuth stores it', () => {
    const email = 'jürgen@bücher.example';
    expect(extracted(basic(`${email}:token`))).toMatchObject({ credential: { email } });
  });

  it.each([[[]], [['']], [['Bearer abc']], [['Basically']], [['Basic-token abc']]])(
    'ignores %p',
    (values) => {
      expect(extracted(values)).toBeUndefined();
    },
  );

  it.each([
    ['no credentials', ['Basic']],
    ['a tab after the scheme', ['Basic\tYUBiLmM6dG9rZW4=']],
    ['a comma after the scheme', ['Basic, YUBiLmM6dG9rZW4=']],
    ['an equals sign after the scheme', ['Basic=YUBiLmM6dG9rZW4=']],
    ['a tab after the space', ['Basic \tYUBiLmM6dG9rZW4=']],
    ['text behind the credentials', ['Basic YUBiLmM6dG9rZW4= x']],
    ['padding left out', ['Basic YUBiLmM6dG9rZW4']],
    ['padding doubled', ['Basic YUBiLmM6dG9rZW4==']],
    ['padding where none belongs', ['Basic YUBiLmM6dG9rZW4x=']],
    ['the alphabet of base64url', ['Basic YUBiLmM6Pj4-']],
    ['letters outside base64', ['Basic !!!!']],
    ['stray trailing bits', ['Basic YUBiLmM6dG9rZW5=']],
    ['no colon', basic('ada@example.com')],
    ['no e-mail', basic(':token')],
    ['an e-mail of spaces', basic('   :token')],
    ['a space before the e-mail', basic(' ada@example.com:token')],
    ['a space after the e-mail', basic('ada@example.com :token')],
    ['a no-break space around the e-mail', basic('\u00a0ada@example.com:token')],
    ['an ideographic space around the e-mail', basic('ada@example.com\u3000:token')],
    ['a line separator around the e-mail', basic('ada@example.com\u2028:token')],
    ['a byte order mark', basic('\ufeffada@example.com:token')],
    ['a zero-width space in the e-mail', basic('ada\u200b@example.com:token')],
    ['a C1 control in the e-mail', basic('ada\u0085@example.com:token')],
    ['a capital beyond ASCII', basic('JÜRGEN@example.com:token')],
    // cspell:ignore elvin
    ['a Kelvin sign, which folds to k', basic('ada@\u212aelvin.example:token')],
    ['a dotted capital I, which folds to two characters', basic('\u0130da@example.com:token')],
    ['a decomposed letter', basic('ju\u0308rgen@example.com:token')],
    ['no token', basic('ada@example.com:')],
    ['a line break', basic('ada@example.com\n:token')],
    ['a NUL', basic('ada@example.com:to\u0000ken')],
    ['bytes that are not UTF-8', basic(Buffer.from([0x61, 0x40, 0x62, 0xff, 0x3a, 0x78]))],
    ['a token that is far too long', basic(`ada@example.com:${'x'.repeat(257)}`)],
    ['two headers', [...basic('a@b.c:x'), ...basic('a@b.c:y')]],
  ])('calls %s malformed', (_what, values) => {
    expect(extracted(values)).toMatchObject({ failure: { kind: 'malformed' } });
  });

  it.each([
    [
      'ada@example.com',
      'The Authorization header must read: Basic, one space, base64 of e-mail:token with its padding.',
    ],
    [
      ' ada@example.com:token',
      'The e-mail must be written as FusionAuth stores it: no white space, composed (NFC), lower case.',
    ],
  ])('says what is wrong with %j', (text, detail) => {
    expect(extracted(basic(text))).toEqual(malformed(detail));
  });
});
