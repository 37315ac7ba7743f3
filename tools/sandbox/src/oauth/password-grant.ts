import { type Client, requireClientAuthentication } from '../access/client.js';
import { tenantOf } from '../access/tenant.js';
import { oauthError, Refusal } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { UserRecord } from '../state/state.js';
import { grantScopes } from '../tokens/scope.js';
import { logIn } from '../users/log-in.js';
import { gate } from '../users/log-in-gates.js';
import type { AccessTokenBody, LoginBody, OAuthErrorBody, OAuthErrorReason } from '../wire.js';
import { issueTokens, startSession } from './log-in-tokens.js';

/**
 * Exchanges a person's log-in id and password (RFC 6749 section 4.3). No registration is required: without one the
 * token names no application and no roles.
 */
export async function exchangePassword(
  request: ApiRequest,
  instance: Instance,
  client: Client,
): Promise<AccessTokenBody> {
  const { application } = client;
  const [username, password] = [request.form.get('username'), request.form.get('password')];
  if (!username || !password) {
    throw oauthError(
      'invalid_request',
      'invalid_user_credentials',
      'The request needs a username and a password.',
    );
  }

  requireClientAuthentication(client, false);
  const scopes = grantScopes(request.form.get('scope') ?? '', application);
  const { id: applicationId, tenantId } = application;
  const result = await logIn(instance, { request, tenantId, applicationId, loginId: username, password });
  if (result.outcome !== 'accepted') throw refusals[result.outcome]();
  requireNoMoreSteps(instance, client, result.user);
  const authTime = Math.floor(instance.now() / 1000);
  const login = { userId: result.user.id, scopes, authTime, gty: ['password'] };
  const session = startSession(instance, client, login);
  return { ...(await issueTokens(instance, client, login, result.user, session)), userId: result.user.id };
}

/** The documentation names only `invalid_grant`; a locked account gets the same answer. */
const refused = () =>
  oauthError('invalid_grant', 'invalid_user_credentials', 'The username or the password is wrong.');
const refusals = {
  refused,
  locked: () => oauthError('invalid_grant', 'user_locked', 'The account is locked.'),
  expired: () => oauthError('invalid_grant', 'user_expired', 'The account has expired.'),
  prevented: () => oauthError('access_denied', 'login_prevented', 'The account has been locked for a while.'),
};

/** Throws {@link OAuthError} with the id to continue with where a second factor or a new password is due. */
function requireNoMoreSteps(instance: Instance, { application }: Client, user: UserRecord): void {
  const gated = gate(user, tenantOf(instance, application), application);
  const {
    twoFactorId,
    methods,
    changePasswordId,
    changePasswordReason = '',
  } = (gated?.body ?? {}) as LoginBody;
  if (twoFactorId !== undefined) {
    throw furtherStep({
      error: 'two_factor_required',
      error_description: 'The person must present a second factor.',
      two_factor_id: twoFactorId,
      two_factor_methods: methods,
    });
  }
  if (changePasswordId !== undefined) {
    throw furtherStep({
      error: 'change_password_required',
      error_reason: `change_password_${changePasswordReason.toLowerCase()}` as OAuthErrorReason,
      error_description: 'The person must choose another password.',
      change_password_id: changePasswordId,
    });
  }
}

const furtherStep = (body: OAuthErrorBody) =>
  new Refusal({ status: 400, body, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });
