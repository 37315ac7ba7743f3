import { type Client, requireClientAuthentication } from '../access/client.js';
import { tenantOf } from '../access/tenant.js';
import { oauthError } from '../errors.js';
import { jwtConfiguration, lifetimeSeconds } from '../tokens/claims.js';
import { findSession } from '../tokens/refresh-token.js';
import { narrowScopes } from '../tokens/scope.js';
import type { AccessTokenBody } from '../wire.js';
import type { Call, World } from '../world.js';
import { continueSession } from './continue-session.js';

/** Exchanges a refresh token (RFC 6749 section 6); under OneTimeUse the answer carries its successor. */
export async function exchangeRefreshToken(
  { form }: Call,
  world: World,
  client: Client,
): Promise<AccessTokenBody> {
  const { application } = client;
  const presented = form.get('refresh_token');
  if (!presented)
    throw oauthError('invalid_request', 'missing_refresh_token', 'The request carries no refresh_token.');

  const tenant = tenantOf(world, application);
  const policy = jwtConfiguration({ application, tenant });
  const session = findSession(world.state, presented, application.id, policy, world.now());
  requireClientAuthentication(client, session.pkce);
  const scopes = narrowScopes(session.scopes, form.get('scope'));
  const shortened = shorterLifetime(form.get('expires_in'), lifetimeSeconds({ application, tenant }));
  const continuation = { application, session, presented, scopes, lifetimeSeconds: shortened };
  const { user, tokens, refreshToken } = await continueSession(world, continuation);
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
