import { type KeyObject, randomUUID } from 'node:crypto';
import { ecKey, type Json, publishedKey, rsaKey, signatureOnPool, type SigningKey } from './signing-key.js';

export const applicationId = 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c';
export const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
export const issuer = 'gatehouse.example';

/** A signing key that mints tokens in the shape of FusionAuth's (FusionAuth docs, Tokens: access token claims). */
export interface TokenMinter extends SigningKey {
  readonly jwk: Json;
  /** Mints a valid user access token; `claims` and `header` change members, `undefined` removes one. */
  mint(claims?: Json, header?: Json): Promise<string>;
}

const keyOf = {
  RS256: () => rsaKey(),
  ES256: () => ecKey('P-256'),
  ES384: () => ecKey('P-384'),
  ES512: () => ecKey('P-521'),
  weakRS256: () => rsaKey(1024),
};

/** `now` is the clock of the tokens, in milliseconds since the epoch. */
export function tokenMinter(
  now: () => number = Date.now,
  kind: keyof typeof keyOf = 'RS256',
  kid: string = randomUUID(),
): TokenMinter {
  const key = publishedKey(kind.replace('weak', ''), keyOf[kind](), { kid });
  return {
    ...key,
    mint(claims = {}, header = {}) {
      const head = { ...userHeader(key), ...header };
      return signJws(JSON.stringify({ ...userClaims(now()), ...claims }), head, key.privateKey);
    },
  };
}

/**
 * Encodes as base64url without padding (RFC 7515 section 2); an object is written as JSON, text and bytes as they are.
 */
export const encode = (part: Json | string | Buffer): string =>
  Buffer.from(Buffer.isBuffer(part) || typeof part === 'string' ? part : JSON.stringify(part)).toString(
    'base64url',
  );

/** Signs by the algorithm that the header names. */
export async function signJws(
  payload: string,
  header: Json & { readonly alg: string },
  key: KeyObject,
): Promise<string> {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${encode(await signatureOnPool(header.alg, input, key))}`;
}

/** Returns the header of a user's access token signed by this key. */
export const userHeader = ({ alg, kid }: Pick<SigningKey, 'alg' | 'kid'>) => ({
  alg,
  typ: 'JWT',
  kid,
  gty: ['authorization_code'],
});

/**
 * Returns the claims of a registered user's access token with an hour to live; `now` in milliseconds since the epoch.
 */
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
