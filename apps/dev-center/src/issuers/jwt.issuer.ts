import { z } from 'zod';
import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { exitCodes, ExitError, Secret } from '#gatehouse/platform';
import { redirectUri } from '../config.js';
import { bearer, type Issuer, type IssuerDefinition, type IssuerParts } from './issuer.js';
import { newServiceUser, serviceUsers } from './service-user.js';

const sessionLifetime = z.object({
  jwtConfiguration: z.object({ refreshTokenTimeToLiveInMinutes: z.number().positive() }),
});

export const jwtIssuer: IssuerDefinition = {
  strategy: 'jwt',
  secret: 'a refresh token',
  endsWithin:
    'No new access tokens are issued. One in use works until it expires; with JWT_VALIDATION=session for CREDENTIAL_CACHE_SECONDS (5 by default), with REVOCATION=push for about a second.',
  endIsEnforced: true,
  hasSessions: true,
  title: 'Refresh token (JWT)',
  about: 'A refresh token, exchanged for access tokens that are valid for an hour.',
  use: {
    variable: '$TOKEN',
    obtain: { grant_type: 'refresh_token', client_id: '$CLIENT_ID', refresh_token: '$REFRESH_TOKEN' },
    headers: bearer,
    note:
      'Each use may return a new refresh token, which replaces this one. The Reminder App stores it in the file that ' +
      'REFRESH_TOKEN_FILE names.',
  },
  measured: {
    modes: ['local', 'local+push', 'introspection', 'session'].map((title) => ({
      id: `jwt/${title}`,
      title,
    })),
    ending: 'deactivate-user',
  },
  create: refreshTokens,
};

/**
 * Issues refresh tokens. A service user for each logs in by the authorization code grant with PKCE (RFC 6749 section
 * 4.1, RFC 7636) at FusionAuth's own page, without a person; its password is created for this one log-in. The
 * credential is revoked with the user, so that FusionAuth itself refuses the refresh, and `JWT_VALIDATION=session`
 * the access token.
 */
function refreshTokens({ control, config, clock }: IssuerParts): Issuer {
  const { FUSIONAUTH_URL: url, FUSIONAUTH_APPLICATION_ID: clientId, FUSIONAUTH_TENANT_ID: tenantId } = config;
  return {
    ...serviceUsers(control),
    async plan(order) {
      const user = newServiceUser(order);
      const ends = [await latestSessionEnd(control, clock), order.expiresAt].filter(
        (end) => end !== undefined,
      );
      const logIn = { loginId: user.email, password: user.password, redirectUri: redirectUri(config) };
      return {
        fusionauthId: user.id,
        subject: user.id,
        expiresAt: ends.length === 0 ? undefined : Math.min(...ends),
        async make(report) {
          await control.users.make({ ...user, expiresAt: order.expiresAt });
          report('logging its service user in');
          const grant = { url, clientId, tenantId, ...logIn, clock };
          const tokens = await walkCodeGrant(grant).catch(notLoggedIn);
          const { refresh_token: token } = tokens;
          if (token === undefined)
            return notLoggedIn(new Error('no refresh token was issued: the application must generate them'));
          return {
            settings: { CREDENTIAL_SOURCE: 'jwt', CLIENT_ID: clientId },
            secret: { name: 'REFRESH_TOKEN', value: new Secret(token) },
            presented: new Secret(tokens.access_token),
          };
        },
      };
    },
    retire: (id, endsAt) => control.users.expire(id, endsAt),
  };
}

/** When a session that begins now ends at the latest, used or not; in milliseconds since the epoch. */
export async function latestSessionEnd(
  { setup }: IssuerParts['control'],
  clock: IssuerParts['clock'],
): Promise<number | undefined> {
  const application = sessionLifetime.safeParse(await setup.application.read());
  const minutes = application.data?.jwtConfiguration.refreshTokenTimeToLiveInMinutes;
  return minutes === undefined ? undefined : clock() + minutes * 60_000;
}

function notLoggedIn(error: unknown): never {
  const { message, cause } = error as Error;
  const why = [message, (cause as NodeJS.ErrnoException | undefined)?.code].filter(Boolean).join(', ');
  throw new ExitError(
    `The service user could not be logged in (${why}). Nothing was issued. The log-in is FusionAuth's own page with ` +
      'a password: it must not ask for a second factor, and PUBLIC_URL/callback must be a redirect URI ("npm run provision").',
    exitCodes.unavailable,
    { cause: error },
  );
}
