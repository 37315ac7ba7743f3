import { oauthError } from '../errors.js';
import type { UserRecord } from '../state/state.js';
import { isExpired } from '../users/log-in.js';
import { actionsAgainst } from '../users/user-actions.js';
import type { World } from '../world.js';

/** The user, if tokens may still be issued for them. Throws {@link OAuthError}. */
export function requireUsableUser(world: World, userId: string, applicationId: string): UserRecord {
  const user = world.state.users.get(userId);
  if (!user) throw oauthError('invalid_grant', 'user_not_found', 'The person no longer exists.');
  if (!user.user.active) throw oauthError('invalid_grant', 'user_locked', 'The account is locked.');
  if (actionsAgainst(world, userId, applicationId).length > 0)
    throw oauthError('access_denied', 'login_prevented', 'The account has been locked for a while.');

  if (isExpired(user, world.now()))
    throw oauthError('invalid_grant', 'user_expired', 'The account has expired.');

  return user;
}
