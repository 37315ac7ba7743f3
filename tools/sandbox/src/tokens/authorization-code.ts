import { randomBytes } from 'node:crypto';
import type { AuthorizationCode, World } from '../world.js';

const defaultLifetimeSeconds = 30;

/** Remembers a log-in and returns its single-use code. Lifetime: the tenant's setting, 30 s by default. */
export function issueCode(
  world: World,
  tenantId: string,
  login: Omit<AuthorizationCode, 'expiresAt'>,
): string {
  const { externalIdentifierConfiguration } = world.state.tenants.get(tenantId) ?? {};
  const seconds =
    externalIdentifierConfiguration?.authorizationGrantIdTimeToLiveInSeconds ?? defaultLifetimeSeconds;
  for (const [code, { expiresAt }] of world.codes) if (expiresAt <= world.now()) world.codes.delete(code);
  const code = randomBytes(32).toString('base64url');
  world.codes.set(code, { ...login, expiresAt: world.now() + seconds * 1000 });
  return code;
}

/** The log-in behind `code`, once, and only for the client it was issued to (RFC 6749 section 4.1.2). */
export function redeemCode(world: World, code: string, clientId: string): AuthorizationCode | undefined {
  const login = world.codes.get(code);
  if (login?.clientId !== clientId) return undefined;
  world.codes.delete(code);
  return login.expiresAt > world.now() ? login : undefined;
}
