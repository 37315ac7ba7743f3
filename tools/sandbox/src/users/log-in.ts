import { sameSecret } from '#gatehouse/platform';
import { type Answer, oauthError } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { UserActionLogRecord, UserRecord } from '../state/state.js';
import type { AuthenticationType } from '../tokens/claims.js';
import { countFailure } from './failed-log-ins.js';
import { gate } from './log-in-gates.js';
import { recordLogin } from './login-records.js';
import { isPassword } from './password.js';
import { registrationFor } from './registrations.js';
import { actionsAgainst } from './user-actions.js';
import { findUser, type Identity } from './users.js';

interface LogInAttempt {
  /** The request, for the event of a lock that it causes. */
  readonly request: ApiRequest;
  readonly tenantId: string;
  readonly applicationId?: string | undefined;
  readonly loginId: string;
  readonly password: string;
  /** The accepted kinds of log-in id; by default an e-mail address or a user name. */
  readonly identities?: readonly Identity[];
  /** Accepts the registration's authentication token in place of the password. */
  readonly acceptsAuthenticationToken?: boolean;
}

export type LogInResult =
  | {
      readonly outcome: 'accepted';
      readonly user: UserRecord;
      readonly authenticationType: AuthenticationType;
    }
  | { readonly outcome: 'prevented'; readonly actions: readonly UserActionLogRecord[] }
  | { readonly outcome: 'gated'; readonly step: Answer }
  | { readonly outcome: 'refused' | 'locked' | 'expired' };

/**
 * Checks a log-in id and password. As in FusionAuth, a locked account is reported before the password is checked, and
 * so is a preventing action: otherwise a lock after failed log-ins would still reveal which guess is right. The outcome
 * is `gated` where a further step is due. An accepted log-in is recorded on the user, on the registration for
 * `applicationId` and among the login records.
 */
export async function logIn(instance: Instance, attempt: LogInAttempt): Promise<LogInResult> {
  const { applicationId, loginId, tenantId, identities } = attempt;
  const user = findUser(instance.state, loginId, tenantId, identities);
  if (!user) return { outcome: 'refused' };
  if (!user.user.active) return { outcome: 'locked' };
  const actions = actionsAgainst(instance, user.id, applicationId);
  if (actions.length > 0) return { outcome: 'prevented', actions };
  const authenticationType = await authenticate(user, attempt);
  if (!authenticationType) {
    await countFailure(instance, user, attempt.request);
    return { outcome: 'refused' };
  }
  delete user.failedLogins;
  if (isExpired(user, instance.now())) return { outcome: 'expired' };
  const password = authenticationType === 'PASSWORD' ? attempt.password : undefined;
  const step = gate(instance, user, applicationId, password);
  if (step) return { outcome: 'gated', step };
  user.user.lastLoginInstant = instance.now();
  const registration = registrationFor(user, applicationId);
  if (registration) registration.lastLoginInstant = instance.now();
  recordLogin(instance, user, attempt);
  return { outcome: 'accepted', user, authenticationType };
}

async function authenticate(
  user: UserRecord,
  { applicationId, password, acceptsAuthenticationToken = false }: LogInAttempt,
): Promise<AuthenticationType | undefined> {
  const token = acceptsAuthenticationToken
    ? registrationFor(user, applicationId)?.authenticationToken
    : undefined;
  if (token !== undefined && sameSecret(password, token)) return 'APPLICATION_TOKEN';
  return (await isPassword(password, user.password)) ? 'PASSWORD' : undefined;
}

export const isExpired = ({ user }: UserRecord, now: number): boolean =>
  user.expiry !== undefined && user.expiry <= now;

/** Returns the user if tokens may still be issued for them. Throws {@link OAuthError}. */
export function requireUsableUser(instance: Instance, userId: string, applicationId: string): UserRecord {
  const user = instance.state.users.get(userId);
  if (!user) throw oauthError('invalid_grant', 'user_not_found', 'The person no longer exists.');
  if (!user.user.active) throw oauthError('invalid_grant', 'user_locked', 'The account is locked.');
  if (actionsAgainst(instance, userId, applicationId).length > 0)
    throw oauthError('access_denied', 'login_prevented', 'The account has been locked for a while.');

  if (isExpired(user, instance.now()))
    throw oauthError('invalid_grant', 'user_expired', 'The account has expired.');

  return user;
}
