import { type Client, requireClientAuthentication } from '../access/client.js';
import { tenantOf } from '../access/tenant.js';
import { oauthError } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { ApplicationRecord, RefreshTokenRecord, UserRecord } from '../state/state.js';
import { jwtConfiguration, lifetimeSeconds } from '../tokens/claims.js';
import { findSession, useSession } from '../tokens/refresh-token.js';
import { narrowResources } from '../tokens/resources.js';
import { grantScopes, narrowScopes } from '../tokens/scope.js';
import { issueUserTokens, type UserTokens } from '../tokens/user-tokens.js';
import { requireUsableUser } from '../users/log-in.js';
import type { AccessTokenBody } from '../wire.js';

/** Exchanges a refresh token (RFC 6749 section 6); under OneTimeUse the answer contains its successor. */
export async function exchangeRefreshToken(
  { form }: ApiRequest,
  instance: Instance,
  client: Client,
): Promise<AccessTokenBody> {
  const { application } = client;
  const presented = form.get('refresh_token');
  if (!presented)
    throw oauthError('invalid_request', 'missing_refresh_token', 'The request carries no refresh_token.');

  const tenant = tenantOf(instance, application);
  const policy = jwtConfiguration({ application, tenant });
  const session = findSession(instance.state, presented, application.id, policy, instance.now());
  requireClientAuthentication(client, session.pkce);
  const scopes = narrowScopes(knownScopes(instance, session, application), form.get('scope'));
  const shortened = shorterLifetime(form.get('expires_in'), lifetimeSeconds({ application, tenant }));
  const resources = narrowResources(form, application, session.resources);
  const wanted = { scopes, resources, lifetimeSeconds: shortened };
  const continuation = { application, session, presented, ...wanted };
  const { user, tokens, refreshToken } = await continueSession(instance, continuation);
  return {
    access_token: tokens.accessToken,
    expires_in: tokens.expiresInSeconds,
    id_token: tokens.idToken,
    refresh_token: refreshToken,
    refresh_token_id: refreshToken === undefined ? undefined : session.id,
    token_type: 'Bearer',
    userId: user.id,
  };
}

/**
 * Returns the scopes of a session that the application still has. Under `unknownScopePolicy` Reject, an unknown one
 * revokes the session when it is used, as documented.
 */
export function knownScopes(
  { state }: Instance,
  { id, scopes }: RefreshTokenRecord,
  application: ApplicationRecord,
): readonly string[] {
  try {
    return grantScopes(scopes.join(' '), application);
  } catch (error) {
    state.refreshTokens.delete(id);
    throw error;
  }
}

function shorterLifetime(requested: string | null, configured: number): number {
  if (requested === null) return configured;
  const seconds = /^\d{1,9}$/.test(requested) ? Number(requested) : 0;
  if (seconds >= 1 && seconds <= configured) return seconds;
  throw oauthError(
    'invalid_request',
    'invalid_expires_in',
    `The expires_in must be from 1 to ${configured} seconds.`,
  );
}

interface Continuation {
  readonly application: ApplicationRecord;
  readonly session: RefreshTokenRecord;
  /** The refresh token as the client sent it. */
  readonly presented: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly lifetimeSeconds: number;
}

interface Continued {
  readonly user: UserRecord;
  readonly tokens: UserTokens;
  /** The refresh token to store, if it changed. */
  readonly refreshToken: string | undefined;
}

/** Issues new tokens for a session. Throws {@link OAuthError} when its user may not have any. */
export async function continueSession(instance: Instance, continuation: Continuation): Promise<Continued> {
  const { application, session, presented, scopes, resources, lifetimeSeconds } = continuation;
  const tenant = tenantOf(instance, application);
  const user = requireUsableUser(instance, session.userId, application.id);
  const policy = jwtConfiguration({ application, tenant });
  const refreshToken = useSession(session, presented, policy, instance.now());
  const tokens = await issueUserTokens(instance, {
    tenant,
    application,
    user,
    scopes,
    resources,
    authenticationType: 'REFRESH_TOKEN',
    authTime: session.authTime,
    gty: [...session.gty, 'refresh_token'],
    sid: session.id,
    lifetimeSeconds,
  });
  return { user, tokens, refreshToken };
}
