import { ecKey, publicJwk, publicPem, rsaKey } from '../../issuer/src/signing-key.js';
import { keysOf, readPem } from './public-key.js';

const published = (key: ReturnType<typeof rsaKey>, changes: object = {}) => ({
  ...publicJwk(key),
  kid: 'one',
  use: 'sig',
  ...changes,
});
const rsa = rsaKey();

describe('a file with a public key', () => {
  it('is read', () => {
    expect(readPem(publicPem(rsa)).asymmetricKeyType).toBe('rsa');
    expect(readPem(publicPem(ecKey('P-256'))).asymmetricKeyType).toBe('ec');
  });

  it.each([
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', 'a certificate'],
    ['a private key', rsa.export({ type: 'pkcs8', format: 'pem' }) as string, 'a private key'],
    ['no key at all', 'hello\n', 'does not begin with'],
    ['an empty file', '', 'does not begin with'],
    ['a key that was cut', publicPem(rsa).slice(0, 200), 'no readable public key'],
    ['two keys', publicPem(rsa) + publicPem(rsaKey()), 'more than one'],
  ])('is refused where it contains %s', (_title, text, reason) => {
    expect(() => readPem(text)).toThrow(reason);
  });
});

describe('the keys of a key set', () => {
  it('are those of the algorithms that every gateway verifies, in the order of their ids', () => {
    const keys = [
      published(ecKey('P-256'), { kid: 'two' }),
      published(rsa, { alg: 'RS256' }),
      published(ecKey('P-384'), { kid: 'three' }),
      published(rsa, { kid: 'four', alg: 'RS512' }),
      published(rsa, { kid: 'five', use: 'enc' }),
      published(rsaKey(1024), { kid: 'six' }),
      // cspell:ignore Vjcm
      { kty: 'oct', k: 'c2VjcmV0', kid: 'seven', alg: 'HS256' },
    ];
    const found = keysOf({ keys });
    expect(found.map(({ kid, alg }) => `${kid} ${alg}`)).toEqual(['one RS256', 'two ES256']);
    expect(found[0]?.pem).toBe(publicPem(rsa));
  });

  it.each([
    ['no key that can be used', { keys: [] }, 'has no RS256 or ES256 key'],
    ['no key set', { error: 'no' }, 'is not a key set'],
    ['two keys of one id', { keys: [published(rsa), published(rsaKey())] }, 'has two keys with the same id'],
    [
      'an id that a configuration would read as more than text',
      { keys: [published(rsa, { kid: "x' } || $ok" })] },
      'cannot be written',
    ],
  ])('are refused where there is %s', (_title, answer, reason) => {
    expect(() => keysOf(answer)).toThrow(reason);
  });
});
