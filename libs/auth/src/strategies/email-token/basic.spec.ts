import { claimBasic } from './basic.js';

const basic = (pair: string | Buffer) => [`Basic ${Buffer.from(pair).toString('base64')}`];
const claim = (values: readonly string[]) => claimBasic(values, '192.0.2.1');

describe('claiming an e-mail and its token', () => {
  it('takes the e-mail trimmed and in lower case, the token as it is, colons included', () => {
    expect(claim(basic(' Ada@Example.COM :To:Ken '))).toEqual({
      kind: 'claimed',
      credential: { email: 'ada@example.com', token: 'To:Ken ', address: '192.0.2.1' },
    });
  });

  it('does not ask for padding', () => {
    expect(claim(['basic YUBiLmM6dG9rZW4']).kind).toBe('claimed');
  });

  it.each([[[]], [['']], [['Bearer abc']], [['Basically']]])('leaves %p to others', (values) => {
    expect(claim(values).kind).toBe('not-mine');
  });

  it.each([
    ['no credentials', ['Basic']],
    ['letters outside base64', ['Basic !!!!']],
    ['stray trailing bits', ['Basic YUBiLmM6dG9rZW5=']],
    ['no colon', basic('ada@example.com')],
    ['no e-mail', basic(':token')],
    ['an e-mail of spaces', basic('   :token')],
    ['no token', basic('ada@example.com:')],
    ['a line break', basic('ada@example.com\n:token')],
    ['a NUL', basic('ada@example.com:to\u0000ken')],
    ['bytes that are not UTF-8', basic(Buffer.from([0x61, 0x40, 0x62, 0xff, 0x3a, 0x78]))],
    ['a token that is far too long', basic(`ada@example.com:${'x'.repeat(257)}`)],
    ['two headers', [...basic('a@b.c:x'), ...basic('a@b.c:y')]],
  ])('calls %s malformed', (_what, values) => {
    expect(claim(values).kind).toBe('malformed');
  });
});
