import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { CompactSign, exportJWK, type JWK } from 'jose';

export const tenantId = randomUUID();
export const applicationId = randomUUID();
export const issuer = 'https://gatehouse.example';

const lifetimeSeconds = 3_600;

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo in PEM. */
  readonly pem: string;
  readonly jwk: JWK;
}

/** A new RS256 key of 2,048 bits, FusionAuth's default. */
export async function signingKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomUUID();
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return { kid, privateKey, jwk, pem: publicKey.export({ type: 'spki', format: 'pem' }) as string };
}

/** `count` access tokens of registered users, each of another user, in FusionAuth's shape (some 1 kB). */
export async function mint(
  key: SigningKey,
  count: number,
  { now = Date.now(), kid = key.kid, onProgress }: MintOptions = {},
): Promise<string[]> {
  const tokens: string[] = [];
  const header = { alg: 'RS256', typ: 'JWT', kid, gty: ['authorization_code'] };
  while (tokens.length < count) {
    const batch = Array.from({ length: Math.min(500, count - tokens.length) }, () =>
      // Signed on the thread pool, so on every core.
      new CompactSign(Buffer.from(JSON.stringify(claims(now))))
        .setProtectedHeader(header)
        .sign(key.privateKey),
    );
    tokens.push(...(await Promise.all(batch)));
    onProgress?.(tokens.length);
  }
  return tokens;
}

interface MintOptions {
  /** Milliseconds since the epoch. */
  readonly now?: number;
  /** Instead of the key's own. */
  readonly kid?: string;
  readonly onProgress?: (minted: number) => void;
}

function claims(now: number): Readonly<Record<string, unknown>> {
  const iat = Math.floor(now / 1000);
  return {
    aud: applicationId,
    exp: iat + lifetimeSeconds,
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

/** The token with another signature: everything about it is right but that. */
export function forged(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes.reverse();
  return [header, payload, bytes.toString('base64url')].join('.');
}
