import { tenantOf } from '../access/tenant.js';
import type { ApplicationRecord, RefreshTokenRecord, UserRecord } from '../state/state.js';
import { jwtConfiguration } from '../tokens/claims.js';
import { useSession } from '../tokens/refresh-token.js';
import { issueUserTokens, type UserTokens } from '../tokens/user-tokens.js';
import type { World } from '../world.js';
import { requireUsableUser } from './usable-user.js';

interface Continuation {
  readonly application: ApplicationRecord;
  readonly session: RefreshTokenRecord;
  /** The refresh token as the client sent it. */
  readonly presented: string;
  readonly scopes: readonly string[];
  readonly lifetimeSeconds: number;
}

interface Continued {
  readonly user: UserRecord;
  readonly tokens: UserTokens;
  /** What the client must store, when that changed. */
  readonly refreshToken: string | undefined;
}

/** New tokens for a session. Throws {@link OAuthError} when its user may not have any. */
export async function continueSession(world: World, continuation: Continuation): Promise<Continued> {
  const { application, session, presented, scopes, lifetimeSeconds } = continuation;
  const tenant = tenantOf(world, application);
  const user = requireUsableUser(world, session.userId, application.id);
  const policy = jwtConfiguration({ application, tenant });
  const refreshToken = useSession(session, presented, policy, world.now());
  const tokens = await issueUserTokens(world, {
    tenant,
    application,
    user,
    scopes,
    authenticationType: 'REFRESH_TOKEN',
    authTime: session.authTime,
    gty: [...session.gty, 'refresh_token'],
    sid: session.id,
    lifetimeSeconds,
  });
  return { user, tokens, refreshToken };
}
