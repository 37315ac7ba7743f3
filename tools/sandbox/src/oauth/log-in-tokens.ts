import type { Client } from '../access/client.js';
import { tenantOf } from '../access/tenant.js';
import type { Instance } from '../instance.js';
import type { RefreshTokenRecord, UserRecord } from '../state/state.js';
import { createRefreshToken } from '../tokens/refresh-token.js';
import { issueUserTokens } from '../tokens/user-tokens.js';
import type { AccessTokenBody } from '../wire.js';

/** A person's log-in for a client, by any grant. */
interface ClientLogIn {
  readonly userId: string;
  readonly scopes: readonly string[];
  /** The resources that the access token is for, besides the client. */
  readonly resources?: readonly string[];
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** The grants behind it, by their names in tokens. */
  readonly gty: readonly string[];
  readonly challenge?: string | undefined;
  readonly nonce?: string | undefined;
  /** The authorization code, whose hash is in the ID token. */
  readonly code?: string | undefined;
}

/** Creates a refresh token if `offline_access` was requested and the application issues any. */
export function startSession(
  instance: Instance,
  { application }: Client,
  { userId, scopes, resources = [], authTime, gty, challenge }: ClientLogIn,
): RefreshTokenRecord | undefined {
  const { generateRefreshTokens, enabledGrants } = application.oauthConfiguration;
  const allowed = generateRefreshTokens && enabledGrants?.includes('refresh_token');
  if (!allowed || !scopes.includes('offline_access')) return undefined;
  const { id: applicationId, tenantId } = application;
  const pkce = challenge !== undefined;
  const granted = { scopes: [...scopes], resources: [...resources], gty: [...gty] };
  const session = { userId, applicationId, tenantId, ...granted, authTime, pkce };
  return createRefreshToken(instance.state, session, instance.now());
}

/** Returns the tokens of a log-in, with its refresh token if there is one. */
export async function issueTokens(
  instance: Instance,
  { application }: Client,
  { scopes, resources = [], authTime, gty, nonce, code }: ClientLogIn,
  user: UserRecord,
  session: RefreshTokenRecord | undefined,
): Promise<AccessTokenBody> {
  const tokens = await issueUserTokens(instance, {
    tenant: tenantOf(instance, application),
    application,
    user,
    scopes,
    resources,
    authenticationType: 'PASSWORD',
    authTime,
    gty: [...gty],
    ...(code === undefined ? {} : { code }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(session ? { sid: session.id } : {}),
  });
  return {
    access_token: tokens.accessToken,
    expires_in: tokens.expiresInSeconds,
    id_token: tokens.idToken,
    refresh_token: session?.token,
    refresh_token_id: session?.id,
    scope: scopes.join(' '),
    token_type: 'Bearer',
  };
}
