import { isPattern, matches } from './redirect-pattern.js';

describe('a redirect URL with asterisks', () => {
  it.each([
    'https://*.example.com',
    'https://blah*.example.com',
    'https://example.com:*',
    'https://example.com/path/*/resource',
    'https://example.com/p*/to/resource',
    'https://example.com?foo=*',
    'https://example.com?foo=*&bar=*&baz=blah',
    'com.example.app://callback/*',
  ])('may be %s', (pattern) => {
    expect(isPattern(pattern)).toBe(true);
  });

  it.each([
    'https://*.com',
    'https://auth.*.com',
    'https://*mid*.example.com',
    'https://*.168.1.1',
    'https://example.com:4*',
    'https://example.com/path/*mid*/resource',
    'https://example.com?foo=par*tial',
    'https://example.com?*=blah',
    '*://example.com',
    '*',
    'https://*@a.example.com',
  ])('may not be %s', (pattern) => {
    expect(isPattern(pattern)).toBe(false);
    expect(matches(pattern, pattern)).toBe(false);
  });

  it.each([
    ['https://*.example.com', 'https://login.example.com', true],
    ['https://auth*.example.com', 'https://auth2.example.com', true],
    ['https://auth*.example.com', 'https://auth.example.com', false],
    ['https://*.example.com', 'https://auth.customer.example.com', false],
    ['https://*.example.com', 'https://evil.test/.example.com', false],
    ['https://*.example.com', 'https://evil\\.example.com', false],
    ['https://*.example.com', 'https://a@b.example.com', false],
    ['https://*.example.com', 'https://loginXexample.com', false],
    ['https://*.example.com', 'http://login.example.com', false],
    ['https://example.com:*', 'https://example.com:2012', true],
    ['https://example.com:*', 'https://example.com:80b', false],
    ['https://example.com:*', 'https://example.com', false],
    ['https://example.com/path/*/resource', 'https://example.com/path/to/resource', true],
    ['https://example.com/*/par*tial/*', 'https://example.com/path/partotial/resource', true],
    ['https://example.com/path/*/resource', 'https://example.com/path/to/the/resource', false],
    ['https://example.com/path/*', 'https://example.com/path/resource?foo=bar', false],
    ['https://example.com/path/*', 'https://example.com/path/a#b', false],
    ['https://example.com/*/par*tial/*', 'https://example.com/path/partial/resource', false],
    ['https://example.com?foo=*', 'https://example.com?foo=bar', true],
    ['https://example.com?foo=*', 'https://example.com?foo=bar&baz=blah', false],
    ['https://example.com?foo=*', 'https://example.com?baz=blah&foo=bar', false],
  ])('%s matches %s: %s', (pattern, url, expected) => {
    expect(matches(pattern, url)).toBe(expected);
  });
});
