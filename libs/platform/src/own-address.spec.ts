import { isFromOwnPage, isLocalProgram, isLoopback, localUrl } from './own-address.js';

describe('an address of this machine', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1', '[::1]', '::ffff:127.0.0.1'])(
    '%s is none but this machine',
    (host) => expect(isLoopback(host)).toBe(true),
  );

  it.each([
    '',
    '0.0.0.0',
    '::',
    '192.0.2.1',
    '127.0.0.1.example.com',
    'localhost.example.com',
    'not-localhost',
    '[::2]',
  ])('%j may be another machine', (host) => expect(isLoopback(host)).toBe(false));

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['localhost', 'http://127.0.0.1:3000'],
    ['0.0.0.0', 'http://127.0.0.1:3000'],
    ['::', 'http://127.0.0.1:3000'],
    ['::1', 'http://[::1]:3000'],
    ['todo.example.com', 'http://todo.example.com:3000'],
  ])('what listens on %s is reached at %s', (host, url) => {
    expect(localUrl(host, 3_000)).toBe(url);
  });
});

describe('a page of this server', () => {
  it.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000'])('is opened at %s', (host) => {
    expect(isFromOwnPage({ origin: `http://${host}`, host })).toBe(true);
  });

  it.each([
    ['of another site', { origin: 'https://evil.example', host: '127.0.0.1:3000' }],
    ['of another port', { origin: 'http://127.0.0.1:3001', host: '127.0.0.1:3000' }],
    ['reached under another name', { origin: 'http://evil.example', host: 'evil.example' }],
    ['without an origin', { host: '127.0.0.1:3000' }],
    ['without a host', { origin: 'http://' }],
  ])('is not one %s', (_what, headers) => {
    expect(isFromOwnPage(headers)).toBe(false);
  });
});

describe('a program on this machine', () => {
  const own = { headers: {}, hostname: 'localhost', ip: '127.0.0.1' };

  it('calls from this machine, by a name of it', () => {
    expect(isLocalProgram(own)).toBe(true);
    expect(isLocalProgram({ ...own, hostname: '[::1]', ip: '::ffff:127.0.0.1' })).toBe(true);
  });

  it.each([
    ['another machine', { ip: '192.0.2.1' }],
    ['a page that had a name of its own lead here', { hostname: 'evil.example' }],
    ['a page that names its origin', { headers: { origin: 'https://evil.example' } }],
    ['a page by another method', { headers: { 'sec-fetch-site': 'cross-site' } }],
  ])('is not %s', (_what, differing) => {
    expect(isLocalProgram({ ...own, ...differing })).toBe(false);
  });
});
