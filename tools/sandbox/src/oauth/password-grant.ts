import { type Client, requireClientAuthentication } from '../access/client.js';
import { type Answer, oauthError, Refusal } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import { grantScopes } from '../tokens/scope.js';
import { logIn } from '../users/log-in.js';
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
  if (result.outcome === 'gated') throw stepDue(result.step);
  if (result.outcome !== 'accepted') throw refusals[result.outcome]();
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

/**
 * Returns the error for a log-in that needs a further step, with the id to continue with where that is a second factor
 * or a new password.
 */
function stepDue({ body = {} }: Answer): Refusal {
  const { twoFactorId, methods, changePasswordId, changePasswordReason = '' } = body as LoginBody;
  if (twoFactorId !== undefined) {
    return furtherStep({
      error: 'two_factor_required',
      error_description: 'The person must present a second factor.',
      two_factor_id: twoFactorId,
      two_factor_methods: methods,
    });
  }
  if (changePasswordId !== undefined) {
    return furtherStep({
      error: 'change_password_required',
      error_reason: `change_password_${changePasswordReason.toLowerCase()}` as OAuthErrorReason,
      error_description: 'The person must choose another password.',
      change_password_id: changePasswordId,
    });
  }
  return oauthError('invalid_grant', 'unknown', 'The e-mail address or the registration is not verified.');
}

const furtherStep = (body: OAuthErrorBody) =>
  new Refusal({ status: 400, body, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });
