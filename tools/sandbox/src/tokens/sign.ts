import { SignJWT } from 'jose';
import type { KeyRecord } from '../state/state.js';
import type { World } from '../world.js';
import type { Claims } from './populate.js';
import { signingKey } from './signing-key.js';

export function keyOf(world: World, keyId: string | undefined): KeyRecord {
  const key = keyId === undefined ? undefined : world.state.keys.get(keyId);
  if (!key) throw new Error(`signing key ${keyId ?? ''} does not exist`);
  return key;
}

/** The JWS algorithm of a key (RFC 7518 section 3.1, RFC 8037 section 3.1). */
export const algorithmOf = ({ algorithm }: KeyRecord): string =>
  algorithm === 'Ed25519' ? 'EdDSA' : algorithm;

/** A signed token; `gty`, the grants that led to it, is missing from tokens of the Login API. */
export function sign(key: KeyRecord, claims: Claims, gty?: readonly string[]): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({
      alg: algorithmOf(key),
      typ: 'JWT',
      kid: key.kid,
      ...(gty ? { gty: [...gty] } : {}),
    })
    .sign(signingKey(key));
}
