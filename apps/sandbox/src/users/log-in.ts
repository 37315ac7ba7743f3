import type { UserRecord } from '../state/state.js';
import type { World } from '../world.js';
import { findUser } from './find-user.js';
import { isPassword } from './password.js';

export type LogInResult =
  | { readonly outcome: 'accepted'; readonly user: UserRecord }
  | { readonly outcome: 'refused' | 'locked' | 'expired' };

/**
 * Checks a log-in id and password. A locked account is reported before the password is looked at, as FusionAuth does.
 * An accepted log-in is recorded on the user and on the registration for `applicationId`.
 */
export async function logIn(
  world: World,
  tenantId: string,
  applicationId: string,
  loginId: string,
  password: string,
): Promise<LogInResult> {
  const user = findUser(world.state, loginId, tenantId);
  if (!user) return { outcome: 'refused' };
  if (!user.user.active) return { outcome: 'locked' };
  if (!(await isPassword(password, user.password))) return { outcome: 'refused' };
  if (isExpired(user, world.now())) return { outcome: 'expired' };
  user.user.lastLoginInstant = world.now();
  const registration = user.user.registrations.find((item) => item.applicationId === applicationId);
  if (registration) registration.lastLoginInstant = world.now();
  return { outcome: 'accepted', user };
}

export const isExpired = ({ user }: UserRecord, now: number): boolean =>
  user.expiry !== undefined && user.expiry <= now;
