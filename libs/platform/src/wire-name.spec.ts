import { addressOnWire, hostOnWire, needsSmtpUtf8 } from './wire-name.js';

describe('a host name on the wire', () => {
  it.each([
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['straße.example', 'xn--strae-oqa.example'],
    ['почта.рф', 'xn--80a1acny.xn--p1ai'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['Mail.Example.com', 'Mail.Example.com'],
    ['[127.0.0.1]', '[127.0.0.1]'],
    ['::1', '::1'],
    ['bü cher', 'bü cher'],
  ])('of %s is %s', (host, expected) => expect(hostOnWire(host)).toBe(expected));
});

describe('an e-mail address on the wire', () => {
  it.each([
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    ['Ada+todo@Example.com', 'Ada+todo@Example.com'],
  ])('%s is %s, and needs no SMTPUTF8', (address, expected) => {
    expect(addressOnWire(address)).toBe(expected);
    expect(needsSmtpUtf8(address)).toBe(false);
  });

  it.each(['пётр@example.com', 'jürgen@bücher.example'])(
    '%s stays as it is, and needs SMTPUTF8: the part before the @ has no ASCII form',
    (address) => {
      expect(addressOnWire(address)).toBe(address);
      expect(needsSmtpUtf8(address)).toBe(true);
    },
  );

  it('needs SMTPUTF8 where its domain has no A-label', () => {
    expect(needsSmtpUtf8('ada@bü cher')).toBe(true);
  });
});
