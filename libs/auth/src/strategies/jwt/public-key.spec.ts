import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { byId, publicKey } from './public-key.js';

const pemOf = ({ publicKey: key }: { publicKey: KeyObject }) =>
  key.export({ type: 'spki', format: 'pem' }) as string;
const rsa = (modulusLength = 2048, publicExponent = 65_537) =>
  pemOf(generateKeyPairSync('rsa', { modulusLength, publicExponent }));
const ec = (namedCurve: string) => pemOf(generateKeyPairSync('ec', { namedCurve }));

/** Returns a key of 2,048 bits whose modulus leaves 1, a power of 65,537, for every odd prime up to 167. */
function ofWeakClass(): string {
  const odd = Array.from({ length: 83 }, (_, index) => 2 * index + 3);
  const primes = odd.filter((one) => odd.every((other) => other >= one || one % other !== 0));
  const product = primes.reduce((all, prime) => all * BigInt(prime), 2n);
  const modulus = (2n ** 2047n / product + 1n) * product + 1n;
  const n = Buffer.from(modulus.toString(16), 'hex').toString('base64url');
  return pemOf({ publicKey: createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' }) });
}

describe('a key of the issuer', () => {
  it.each<[string, string, string[]]>([
    ['RSA', rsa(), ['RS256', 'RS384', 'RS512']],
    ['P-256', ec('P-256'), ['ES256']],
    ['P-384', ec('P-384'), ['ES384']],
    ['P-521', ec('P-521'), ['ES512']],
  ])('of %s verifies the algorithms of its kind', (_kind, key, algorithms) => {
    expect(publicKey({ kid: 'k', key })).toMatchObject({ kid: 'k', algorithms });
  });

  it('may be given as a JWK, and is the same key then', () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey({
      kid: 'k',
      key: { key: pair.publicKey.export({ format: 'jwk' }), format: 'jwk' },
    });
    expect(jwk?.key.equals(publicKey({ kid: 'k', key: pemOf(pair) })!.key)).toBe(true);
  });

  it('verifies the one algorithm that it names, and no other', () => {
    const key = rsa();
    expect(publicKey({ kid: 'k', alg: 'RS384', key })?.algorithms).toEqual(['RS384']);
    expect(publicKey({ kid: 'k', alg: 'ES256', key })).toBeUndefined();
  });

  it.each<[string, string | undefined, string]>([
    ['has no id', undefined, rsa()],
    ['has an empty id', '', rsa()],
    ['has fewer than 2,048 bits', 'k', rsa(2047)],
    ['has the exponent 3', 'k', rsa(2048, 3)],
    ['is of the class known to be factorable', 'k', ofWeakClass()],
    ['is of RSASSA-PSS alone', 'k', pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }))],
    ['is of a curve that no algorithm has', 'k', ec('secp256k1')],
    ['is of Ed25519', 'k', pemOf(generateKeyPairSync('ed25519'))],
  ])('is not used where it %s (JWT-2)', (_what, kid, key) => {
    expect(publicKey({ ...(kid === undefined ? {} : { kid }), key })).toBeUndefined();
  });

  it('is found by its id, unless another key has the same', () => {
    const [one, other, twin, elliptic] = [rsa(), rsa(), rsa(), ec('P-256')];
    const keys = [
      publicKey({ kid: 'a', key: one })!,
      publicKey({ kid: 'b', key: other })!,
      publicKey({ kid: 'b', key: other })!,
      publicKey({ kid: 'a', key: twin })!,
      publicKey({ kid: 'c', key: elliptic })!,
      publicKey({ kid: 'c', key: elliptic })!,
      publicKey({ kid: 'd', key: elliptic })!,
      publicKey({ kid: 'd', key: other })!,
    ];
    expect([...byId(keys).keys()]).toEqual(['b', 'c']);
  });
});
