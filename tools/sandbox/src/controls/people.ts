import type { Instance } from '../instance.js';
import { issueTokens, startSession } from '../oauth/log-in-tokens.js';

/** The user and application of a log-in that is granted without a password. */
export interface GrantedLogIn {
  readonly userId: string;
  readonly applicationId: string;
  readonly scopes: readonly string[];
}

/** The tokens that a client receives after a log-in. */
export interface GrantedTokens {
  readonly accessToken: string;
  /** With the scope `openid`. */
  readonly idToken?: string;
  /** With the scope `offline_access`, where the application issues refresh tokens. */
  readonly refreshToken?: string;
  readonly expiresInSeconds: number;
}

/**
 * Returns the tokens that the authorization code grant gives a client of the application after this user logs in,
 * without asking for a password. Throws when there is no such user or application.
 */
export async function grantTokens(instance: Instance, wanted: GrantedLogIn): Promise<GrantedTokens> {
  const user = instance.state.users.get(wanted.userId);
  const application = instance.state.applications.get(wanted.applicationId);
  if (!user) throw new Error(`there is no user ${wanted.userId}`);
  if (!application) throw new Error(`there is no application ${wanted.applicationId}`);
  const client = { application, authenticated: true };
  const { userId, scopes } = wanted;
  const authTime = Math.floor(instance.now() / 1000);
  const logIn = { userId, scopes, authTime, gty: ['authorization_code'] };
  const session = startSession(instance, client, logIn);
  const tokens = await issueTokens(instance, client, logIn, user, session);
  instance.changed();
  return {
    accessToken: tokens.access_token as string,
    expiresInSeconds: tokens.expires_in as number,
    ...(tokens.id_token === undefined ? {} : { idToken: tokens.id_token }),
    ...(tokens.refresh_token === undefined ? {} : { refreshToken: tokens.refresh_token }),
  };
}
