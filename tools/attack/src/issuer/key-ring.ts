import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import {
  ecKey as ec,
  publicJwk,
  publishedKey as published,
  rsaKey as rsa,
  type SigningKey,
} from '../../../issuer/src/signing-key.js';
import { weakClassKey } from './weak-class-key.js';

const unpublished = (alg: string, privateKey: KeyObject): SigningKey => ({
  kid: randomUUID(),
  alg,
  privateKey,
});

export type KeyRing = ReturnType<typeof keyRing>;

/**
 * Generates the keys of one run: those of a well-kept issuer, those of strangers, and listed ones that no verifier
 * should use. The same key is listed under several ids where only its published description differs.
 */
export function keyRing() {
  const main = rsa();
  const p256 = ec('P-256');
  const stranger = rsa();
  const good = {
    rs256: published('RS256', main),
    rs384: published('RS384', main),
    rs512: published('RS512', main),
    es256: published('ES256', p256),
    es384: published('ES384', ec('P-384')),
    es512: published('ES512', ec('P-521')),
    unlabelled: published('RS256', main, { alg: undefined }),
  };
  const strangers = {
    rsa: unpublished('RS256', stranger),
    ec: unpublished('ES256', ec('P-256')),
    ed25519: unpublished('EdDSA', generateKeyPairSync('ed25519').privateKey),
  };
  const flawed = flawedKeys(main, stranger, p256);
  const keys = [...Object.values(good), ...Object.values(flawed)].map(({ jwk }) => jwk);
  const secret = randomBytes(32);
  const symmetric = { kty: 'oct', kid: randomUUID(), alg: 'HS256', k: secret.toString('base64url') };
  return {
    good,
    strangers,
    flawed,
    symmetric: { kid: symmetric.kid, secret },
    published: [...keys, symmetric],
  };
}

/** Returns listed keys that must verify nothing (RFC 8725 section 3.2, RFC 7517 sections 4 and 5). */
function flawedKeys(main: KeyObject, second: KeyObject, p256: KeyObject) {
  const twin = randomUUID();
  return {
    short: published('RS256', rsa(1024)),
    exponent3: published('RS256', rsa(2048, 3)),
    weakClass: published('RS256', weakClassKey()),
    exponent1: published('RS256', main, { e: 'AQ' }),
    encryption: published('RS256', main, { use: 'enc' }),
    encryptionOnly: published('RS256', main, { use: undefined, key_ops: ['encrypt'] }),
    encryptionAlgorithm: published('RS256', main, { alg: 'RSA-OAEP' }),
    symmetricAlgorithm: published('RS256', main, { alg: 'HS256' }),
    wrongType: published('ES256', p256, { kty: 'RSA' }),
    wrongCurveLabel: published('ES256', p256, { alg: 'ES384' }),
    foreignCurve: published('ES256', ec('secp256k1')),
    offTheCurve: published('ES256', p256, { x: publicJwk(p256).y }),
    withPrivatePart: published('RS256', main, main.export({ format: 'jwk' })),
    twinOne: published('RS256', main, { kid: twin }),
    twinTwo: published('RS256', second, { kid: twin }),
    withoutId: published('RS256', main, { kid: undefined }),
    emptyId: published('RS256', main, { kid: '' }),
    numericId: published('RS256', main, { kid: 7 }),
  };
}
