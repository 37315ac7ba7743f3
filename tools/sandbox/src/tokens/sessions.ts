import type { RefreshTokenRecord } from '../state/state.js';
import type { JwtConfiguration } from '../wire.js';
import type { World } from '../world.js';
import { jwtConfiguration } from './claims.js';
import { isExpired, isValueOf } from './refresh-token.js';

/** The settings in force for a session; undefined when its application is gone, and the session with it. */
export function policyOf({ state }: World, session: RefreshTokenRecord): JwtConfiguration | undefined {
  const application = state.applications.get(session.applicationId);
  const tenant = state.tenants.get(session.tenantId);
  return application && tenant && jwtConfiguration({ application, tenant });
}

/** Whether the session is neither expired nor orphaned; a revoked one does not exist any more. */
export function isLive(world: World, session: RefreshTokenRecord): boolean {
  const policy = policyOf(world, session);
  return policy !== undefined && !isExpired(session, policy, world.now());
}

/** The live session with this id, the `sid` of access tokens. */
export function sessionById(world: World, id: string): RefreshTokenRecord | undefined {
  const session = world.state.refreshTokens.get(id);
  return session && isLive(world, session) ? session : undefined;
}

/** The live session of any client that this refresh token belongs to. */
export function sessionByToken(world: World, token: string): RefreshTokenRecord | undefined {
  const sessions = [...world.state.refreshTokens.values()];
  return sessions.find((session) => isValueOf(session, token, world.now()) && isLive(world, session));
}

/** Ends sessions. Access tokens that came from them live on until they expire. */
export function revokeSessions({ state }: World, where: (session: RefreshTokenRecord) => boolean): void {
  for (const session of state.refreshTokens.values())
    if (where(session)) state.refreshTokens.delete(session.id);
}

type Occasion = 'onLoginPrevented' | 'onPasswordChanged';

/** Ends those sessions of a user that their application's policy ends on this occasion; both occasions do by default. */
export function revokeOn(
  occasion: Occasion,
  world: World,
  userId: string,
  applicationIds: readonly string[] = [],
): void {
  revokeSessions(
    world,
    (session) =>
      session.userId === userId &&
      (applicationIds.length === 0 || applicationIds.includes(session.applicationId)) &&
      policyOf(world, session)?.refreshTokenRevocationPolicy?.[occasion] !== false,
  );
}
