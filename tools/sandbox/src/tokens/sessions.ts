import type { Instance } from '../instance.js';
import type { RefreshTokenRecord } from '../state/state.js';
import type { JwtConfiguration, RefreshToken } from '../wire.js';
import { jwtConfiguration } from './claims.js';
import { isExpired, isValueOf, sessionEnd } from './refresh-token.js';

/** The settings in force for a session; undefined when its application is gone, and the session with it. */
export function policyOf({ state }: Instance, session: RefreshTokenRecord): JwtConfiguration | undefined {
  const application = state.applications.get(session.applicationId);
  const tenant = state.tenants.get(session.tenantId);
  return application && tenant && jwtConfiguration({ application, tenant });
}

/** Whether the session is neither expired nor orphaned; a revoked one does not exist any more. */
export function isLive(instance: Instance, session: RefreshTokenRecord): boolean {
  const policy = policyOf(instance, session);
  return policy !== undefined && !isExpired(session, policy, instance.now());
}

/** The live session with this id, the `sid` of access tokens. */
export function sessionById(instance: Instance, id: string): RefreshTokenRecord | undefined {
  const session = instance.state.refreshTokens.get(id);
  return session && isLive(instance, session) ? session : undefined;
}

/** The live session of any client that this refresh token belongs to. */
export function sessionByToken(instance: Instance, token: string): RefreshTokenRecord | undefined {
  const sessions = [...instance.state.refreshTokens.values()];
  return sessions.find((session) => isValueOf(session, token, instance.now()) && isLive(instance, session));
}

/** Ends sessions. Access tokens that came from them live on until they expire. */
export function revokeSessions({ state }: Instance, where: (session: RefreshTokenRecord) => boolean): void {
  for (const session of state.refreshTokens.values())
    if (where(session)) state.refreshTokens.delete(session.id);
}

/**
 * Has a session expire now, as if the time of its refresh token had passed, which FusionAuth has no operation for. Throws
 * when no session with this id is alive.
 */
export function expireSession(instance: Instance, id: string): void {
  const session = sessionById(instance, id);
  if (!session) throw new Error(`There is no live session ${id}.`);
  const leftMs = sessionEnd(session, policyOf(instance, session) ?? {}) - instance.now();
  session.startInstant -= leftMs;
  session.lastUsedInstant -= leftMs;
}

type Occasion = 'onLoginPrevented' | 'onPasswordChanged';

/** The sessions of a user that their application's policy ends on this occasion; both occasions do by default. */
export const endedOn =
  (occasion: Occasion, instance: Instance, userId: string, applicationIds: readonly string[] = []) =>
  (session: RefreshTokenRecord): boolean =>
    session.userId === userId &&
    (applicationIds.length === 0 || applicationIds.includes(session.applicationId)) &&
    policyOf(instance, session)?.refreshTokenRevocationPolicy?.[occasion] !== false;

/** The token's value stays here: who may read sessions must not be able to continue them. */
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
  },
});
