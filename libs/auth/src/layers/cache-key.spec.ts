import { cacheKey } from './cache-key.js';

describe('a cache key', () => {
  const token = 'header.claims.signature';

  it('is the same for the same credential of the same strategy, and holds nothing of it (JWT-15)', () => {
    const key = cacheKey('jwt', token);
    expect(cacheKey('jwt', token)).toBe(key);
    expect(key).toMatch(/^[\w+/]{43}=$/);
    expect(Buffer.from(key, 'base64').toString('latin1')).not.toContain('claims');
  });

  it('tells strategies and credentials apart, wherever the one ends and the other begins', () => {
    const keys = [
      cacheKey('jwt', 'a'),
      cacheKey('jwta', ''),
      cacheKey('api-key', 'a'),
      cacheKey('jwt', 'A'),
      cacheKey('jwt1:a', ''),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
