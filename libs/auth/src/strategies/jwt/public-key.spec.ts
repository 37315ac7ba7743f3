import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { byId, publicKey } from './public-key.js';

const pemOf = ({ publicKey: key }: { publicKey: KeyObject }) =>
  key.export({ type: 'spki', format: 'pem' }) as string;
const rsa = (modulusLength = 2048, publicExponent = 65_537) =>
  pemOf(generateKeyPairSync('rsa', { modulusLength, publicExponent }));
const ec = (namedCurve: string) => pemOf(generateKeyPairSync('ec', { namedCurve }));

describe('a key of the issuer', () => {
  it.each<[string, string, string[]]>([
    ['RSA', rsa(), ['RS256', 'RS384', 'RS512']],
    ['P-256', ec('P-256'), ['ES256']],
    ['P-384', ec('P-384'), ['ES384']],
    ['P-521', ec('P-521'), ['ES512']],
  ])('of %s verifies the algorithms of its kind', (_kind, pem, algorithms) => {
    expect(publicKey({ kid: 'k', pem })).toMatchObject({ kid: 'k', pem, algorithms });
  });

  it('verifies the one algorithm that it names, and no other', () => {
    const pem = rsa();
    expect(publicKey({ kid: 'k', alg: 'RS384', pem })?.algorithms).toEqual(['RS384']);
    expect(publicKey({ kid: 'k', alg: 'ES256', pem })).toBeUndefined();
  });

  it.each<[string, string | undefined, string]>([
    ['has no id', undefined, rsa()],
    ['has an empty id', '', rsa()],
    ['has fewer than 2,048 bits', 'k', rsa(2047)],
    ['has the exponent 3', 'k', rsa(2048, 3)],
    ['is of RSASSA-PSS alone', 'k', pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }))],
    ['is of a curve that no algorithm has', 'k', ec('secp256k1')],
    ['is of Ed25519', 'k', pemOf(generateKeyPairSync('ed25519'))],
  ])('is not used where it %s (JWT-2)', (_what, kid, pem) => {
    expect(publicKey({ ...(kid === undefined ? {} : { kid }), pem })).toBeUndefined();
  });

  it('is found by its id, unless another key bears the same', () => {
    const [one, other, twin] = [rsa(), rsa(), rsa()];
    const keys = [
      publicKey({ kid: 'a', pem: one })!,
      publicKey({ kid: 'b', pem: other })!,
      publicKey({ kid: 'b', pem: other })!,
      publicKey({ kid: 'a', pem: twin })!,
    ];
    expect([...byId(keys).keys()]).toEqual(['b']);
  });
});
