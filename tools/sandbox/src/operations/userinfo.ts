import { type Answer, OAuthError, ok } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { ApplicationRecord, UserRecord } from '../state/state.js';
import { claimsByScope } from '../tokens/claims.js';
import { type Claims, populateUserinfo } from '../tokens/populate.js';
import { isCurrent, presentedToken, readToken } from '../tokens/read-token.js';
import { splitScope } from '../tokens/scope.js';
import { registrationFor } from '../users/registrations.js';
import type { OAuthErrorReason, UserinfoBody } from '../wire.js';

/** `GET` and `POST /oauth2/userinfo` (OpenID Connect Core 1.0 section 5.3); a locked user still gets an answer. */
export const userinfo = ({ headers }: ApiRequest, instance: Instance): Promise<Answer> =>
  describeBearer(presentedToken(headers), instance, true);

/**
 * Returns the claims about the holder of an access token. With `orIdToken`, an ID token is accepted too where the
 * application's `scopeHandlingPolicy` is Compatibility. Throws {@link OAuthError} with status 401.
 */
export async function describeBearer(
  token: string | undefined,
  instance: Instance,
  orIdToken = false,
): Promise<Answer> {
  if (token === undefined) throw refused('access_token_required', 'The request carries no access token.');
  const read = await readToken(instance, token);
  const { claims = {}, kind } = read ?? {};
  const application = instance.state.applications.get(audienceOf(claims));
  if (kind !== 'access_token' && !(orIdToken && kind === 'id_token' && isCompatible(application)))
    throw refused('access_token_invalid', 'This is not an access token of this issuer.');
  if (!isCurrent(claims, instance.now()))
    throw refused('access_token_expired', 'The access token has expired.');
  const user = instance.state.users.get(String(claims['sub']));
  if (!application || !user) throw refused('access_token_invalid', 'Its client or its user does not exist.');
  return ok(describe(instance, application, claims, user) satisfies UserinfoBody);
}

/** Returns the claims that the token permits, as the lambda of the application changes them. */
function describe(
  instance: Instance,
  application: ApplicationRecord,
  jwt: Claims,
  record: UserRecord,
): Claims {
  const about = {
    lambdaId: application.lambdaConfiguration?.userinfoPopulateId,
    claims: permitted(application, jwt, record),
    user: record.user,
    registration: registrationFor(record, application.id),
  };
  return populateUserinfo(instance, about, jwt);
}

const audienceOf = ({ aud }: Claims): string => String([aud].flat()[0]);

const isCompatible = (application: ApplicationRecord | undefined): boolean =>
  application?.oauthConfiguration.scopeHandlingPolicy === 'Compatibility';

const refused = (reason: OAuthErrorReason, description: string) =>
  new OAuthError(401, 'invalid_token', reason, description);

/** Returns all claims, or, where scopes are handled strictly, those that the scopes of the token allow. */
function permitted(
  { oauthConfiguration }: ApplicationRecord,
  claims: Claims,
  { id, user }: UserRecord,
): Claims {
  const { applicationId, roles, tid } = claims;
  const about = { sub: id, applicationId, roles, tid };
  if (oauthConfiguration.scopeHandlingPolicy === 'Compatibility')
    return { ...about, ...claimsByScope(user, ['email', 'phone', 'profile']) };

  const scopes = splitScope(typeof claims['scope'] === 'string' ? claims['scope'] : '');
  if (!scopes.includes('openid')) throw refused('access_token_invalid', 'The token lacks the scope openid.');
  return { ...about, ...claimsByScope(user, scopes) };
}
