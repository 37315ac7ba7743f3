import type { Socket } from 'node:net';
import { addressOf, callerBehind, readAddress, trustsProxy } from './caller-address.js';

describe('the address in a text', () => {
  it.each([
    ['203.0.113.5', '203.0.113.5'],
    ['203.0.113.5:40001', '203.0.113.5'],
    ['203.0.113.5:_hidden', '203.0.113.5'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:40001', '2001:db8::7'],
    ['2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
    ['::1', '::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.168.100.200', '192.168.100.200'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
    ['1::ffff:192.0.2.1', '1::ffff:c000:201'],
  ])('%s is %s', (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    'example.com:80',
    '203.0.113',
    '203.0.113.256:80',
    '203.0.113.5:',
    '203.0.113.5:1:2',
    '203.0.113.5, 198.51.100.1',
    '[203.0.113.5',
    '[2001:db8::7]x',
    '2001:db8::7::1',
    ' 203.0.113.5',
    '203.0.113.5\n',
  ])('%j holds none', (text) => {
    expect(readAddress(text)).toBeUndefined();
  });
});

describe('the address of a caller', () => {
  it('is the forwarded one, and the peer of the connection where that is not an address', () => {
    expect(addressOf('203.0.113.5:40001', '::ffff:10.0.0.2')).toBe('203.0.113.5');
    expect(addressOf('unknown', '::ffff:10.0.0.2')).toBe('10.0.0.2');
    expect(addressOf(undefined, '10.0.0.2')).toBe('10.0.0.2');
    expect(addressOf('unknown', undefined)).toBe('');
  });
});

describe('a trusted proxy', () => {
  const trusts = trustsProxy(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::ffff:198.51.100.0/120']);

  it.each([
    '10.1.2.3',
    '::ffff:10.1.2.3',
    '10.1.2.3:443',
    '192.0.2.1',
    '[2001:db8:7::1]:443',
    '198.51.100.7',
  ])('is known in any spelling of its address: %s', (address) => {
    expect(trusts(address)).toBe(true);
  });

  it.each(['11.1.2.3', '192.0.2.2', '2001:db9::1', 'unknown', '10.1.2', ''])(
    'is no other address, and no other text: %j',
    (address) => {
      expect(trusts(address)).toBe(false);
    },
  );
});

it('a proxy without an address is not trusted, not even first', () => {
  expect(trustsProxy(['10.0.0.0/8'])('')).toBe(false);
});

describe('the caller behind proxies', () => {
  const callerOf = callerBehind(['10.0.0.0/8', '::1']);
  const asked = (remoteAddress: string | undefined, said?: string) =>
    callerOf({ headers: { 'x-forwarded-for': said }, socket: { remoteAddress } as Socket });

  it.each([
    ['203.0.113.5', '192.0.2.1', '203.0.113.5'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['::ffff:10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['::1', '198.51.100.7, 192.0.2.1', '192.0.2.1'],
    ['10.0.0.1', '198.51.100.7,192.0.2.1 , 10.0.0.9:4711', '192.0.2.1'],
    ['10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3'],
    ['10.0.0.1', 'unknown', 'unknown'],
    ['10.0.0.1', '192.0.2.1,', '10.0.0.1'],
    ['10.0.0.1', '192.0.2.1, ', '10.0.0.1'],
  ])('connected by %s, which forwards %j, is %s', (peer, said, caller) => {
    expect(asked(peer, said)).toBe(caller);
  });

  it('is unknown if the connection has no address', () => {
    expect(asked(undefined, '192.0.2.1')).toBeUndefined();
  });

  it('is found for each connection by itself', () => {
    for (const peer of ['10.0.0.1', '203.0.113.5', '10.0.0.1', '10.0.0.2'])
      expect(asked(peer, '192.0.2.1')).toBe(peer.startsWith('10.') ? '192.0.2.1' : peer);
  });
});
