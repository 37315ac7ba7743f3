import type { Instance } from '../instance.js';
import type { RefreshTokenRecord } from '../state/state.js';
import type { JwtConfiguration, RefreshToken } from '../wire.js';
import { jwtConfiguration } from './claims.js';
import { isExpired, isValueOf, sessionExpiry } from './refresh-token.js';

/** Returns the token settings for a session; undefined when its application was deleted, and the session with it. */
export function policyOf({ state }: Instance, session: RefreshTokenRecord): JwtConfiguration | undefined {
  const application = state.applications.get(session.applicationId);
  const tenant = state.tenants.get(session.tenantId);
  return application && tenant && jwtConfiguration({ application, tenant });
}

/** Returns whether the session is neither expired nor orphaned; a revoked one no longer exists. */
export function isLive(instance: Instance, session: RefreshTokenRecord): boolean {
  const policy = policyOf(instance, session);
  return policy !== undefined && !isExpired(session, policy, instance.now());
}

/** Returns the live session with this id, the `sid` of access tokens. */
export function sessionById(instance: Instance, id: string): RefreshTokenRecord | undefined {
  const session = instance.state.refreshTokens.get(id);
  return session && isLive(instance, session) ? session : undefined;
}

/** Returns the live session, of any client, that this refresh token belongs to. */
export function sessionByToken(instance: Instance, token: string): RefreshTokenRecord | undefined {
  const sessions = [...instance.state.refreshTokens.values()];
  return sessions.find((session) => isValueOf(session, token, instance.now()) && isLive(instance, session));
}

/** Revokes sessions. Access tokens that came from them stay valid until they expire. */
export function revokeSessions({ state }: Instance, where: (session: RefreshTokenRecord) => boolean): void {
  for (const session of state.refreshTokens.values())
    if (where(session)) state.refreshTokens.delete(session.id);
}

/** Expires a session now, which FusionAuth has no operation for. Throws when no session with this id is alive. */
export function expireSession(instance: Instance, id: string): void {
  const session = sessionById(instance, id);
  if (!session) throw new Error(`There is no live session ${id}.`);
  const leftMs = sessionExpiry(session, policyOf(instance, session) ?? {}) - instance.now();
  session.startInstant -= leftMs;
  session.lastUsedInstant -= leftMs;
  instance.changed();
}

type Occasion = 'onLoginPrevented' | 'onPasswordChanged';

/**
 * Selects the sessions of a user that their application's policy revokes on this occasion; by default both occasions
 * do.
 */
export const revokedOn =
  (occasion: Occasion, instance: Instance, userId: string, applicationIds: readonly string[] = []) =>
  (session: RefreshTokenRecord): boolean =>
    session.userId === userId &&
    (applicationIds.length === 0 || applicationIds.includes(session.applicationId)) &&
    policyOf(instance, session)?.refreshTokenRevocationPolicy?.[occasion] !== false;

/** Returns a session without the token's value: a caller that may read sessions must not be able to continue them. */
export const describeSession = (session: RefreshTokenRecord): RefreshToken => ({
  id: session.id,
  applicationId: session.applicationId,
  userId: session.userId,
  tenantId: session.tenantId,
  insertInstant: session.startInstant,
  startInstant: session.startInstant,
  metaData: {
    device: { lastAccessedAddress: session.address, lastAccessedInstant: session.lastUsedInstant },
    scopes: session.scopes,
    resources: session.resources?.length ? session.resources : undefined,
  },
});
