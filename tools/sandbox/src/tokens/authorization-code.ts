import { createHash, randomBytes } from 'node:crypto';
import { sameSecret } from '#gatehouse/platform';
import type { AuthorizationCode, Instance } from '../instance.js';

const defaultLifetimeSeconds = 30;

/** Stores a log-in and returns its single-use code. Lifetime: the tenant's setting, 30 s by default. */
export function issueCode(
  instance: Instance,
  tenantId: string,
  login: Omit<AuthorizationCode, 'expiresAt'>,
): string {
  const { externalIdentifierConfiguration } = instance.state.tenants.get(tenantId) ?? {};
  const seconds =
    externalIdentifierConfiguration?.authorizationGrantIdTimeToLiveInSeconds ?? defaultLifetimeSeconds;
  const code = randomBytes(32).toString('base64url');
  instance.codes.set(code, { ...login, expiresAt: instance.now() + seconds * 1000 });
  return code;
}

/** Returns the log-in behind `code`, once, and only for the client it was issued to (RFC 6749 section 4.1.2). */
export function redeemCode(
  instance: Instance,
  code: string,
  clientId: string,
): AuthorizationCode | undefined {
  const login = instance.codes.get(code);
  if (login?.clientId !== clientId) return undefined;
  instance.codes.delete(code);
  return login.expiresAt > instance.now() ? login : undefined;
}

/** Returns whether a challenge is the base64url of 32 bytes, as S256 makes it (RFC 7636 section 4.2). */
export const isChallenge = (challenge: string): boolean => /^[\w-]{43}$/.test(challenge);

/** Returns whether `verifier` is well formed and hashes to `challenge` (RFC 7636 sections 4.1 and 4.6, S256 only). */
export function provesChallenge(verifier: string, challenge: string): boolean {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false;
  return sameSecret(createHash('sha256').update(verifier).digest('base64url'), challenge);
}
