import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { CompactSign, exportJWK, type JWK } from 'jose';

export const applicationId = 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c';
export const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
export const issuer = 'gatehouse.example';

type Json = Record<string, unknown>;

/** An issuer of tests: one signing key, and tokens in the shape of FusionAuth's (docs: Tokens, access token claims). */
export interface TokenMinter {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: JWK;
  /** A good user access token; `claims` and `header` change members, `undefined` removes one. */
  mint(claims?: Json, header?: Json): Promise<string>;
}

const keyOf = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  weakRS256: () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
};

export async function tokenMinter(
  now: () => number = Date.now,
  kind: keyof typeof keyOf = 'RS256',
  kid: string = randomUUID(),
): Promise<TokenMinter> {
  const { privateKey, publicKey } = keyOf[kind]();
  const alg = kind.replace('weak', '');
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return {
    kid,
    privateKey,
    jwk,
    mint(claims = {}, header = {}) {
      const payload = JSON.stringify({ ...userClaims(now()), ...claims });
      return signJws(payload, { alg, typ: 'JWT', kid, gty: ['authorization_code'], ...header }, privateKey);
    },
  };
}

export function signJws(payload: string, header: Json, key: KeyObject | Uint8Array): Promise<string> {
  return new CompactSign(Buffer.from(payload)).setProtectedHeader(header as { alg: string }).sign(key);
}

/** Claims of a registered user's access token, an hour to live. */
export function userClaims(now: number): Json {
  const iat = Math.floor(now / 1000);
  return {
    aud: applicationId,
    exp: iat + 3600,
    iat,
    iss: issuer,
    sub: randomUUID(),
    jti: randomUUID(),
    authenticationType: 'PASSWORD',
    email: 'ada@example.com',
    email_verified: true,
    applicationId,
    roles: ['todo-reader', 'todo-writer'],
    scope: 'offline_access',
    sid: randomUUID(),
    auth_time: iat,
    tid: tenantId,
    zoneinfo: 'Europe/London',
  };
}
