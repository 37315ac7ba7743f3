import * as oauth from 'openid-client';
import { z } from 'zod';
import { FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { type DevCenterConfig, redirectUri } from '../../config.js';
import type { FusionAuthContext } from '../../context.js';
import { PageProblem } from '../pages/page-problem.js';

/** The values that a log-in must remember from its beginning to its end. */
export const pendingSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
});
export type PendingLogIn = Readonly<z.output<typeof pendingSchema>>;

/** Only the identity: roles and name are read from FusionAuth with the Dev Center's own key. */
const scope = 'openid';
const timeoutSeconds = 5;

/**
 * Begins a log-in at FusionAuth by the authorization code grant with PKCE, state and nonce (OpenID Connect Core 1.0
 * section 3.1, RFC 7636). Resolves with the URL to redirect the browser to. Throws FusionAuthUnavailable.
 */
export async function beginLogIn(
  context: FusionAuthContext,
  returnTo: string,
): Promise<{ readonly url: URL; readonly pending: PendingLogIn }> {
  const client = await clientOf(context);
  const [state, nonce, verifier] = [oauth.randomState(), oauth.randomNonce(), oauth.randomPKCECodeVerifier()];
  const url = oauth.buildAuthorizationUrl(client, {
    redirect_uri: redirectUri(context.config),
    scope,
    state,
    nonce,
    tenantId: context.config.FUSIONAUTH_TENANT_ID,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { url: forBrowsers(url, context), pending: { state, nonce, verifier, returnTo } };
}

/** Rewrites the URL of FusionAuth's page to the address for browsers. */
function forBrowsers(url: URL, { config }: FusionAuthContext): URL {
  const base = config.FUSIONAUTH_PUBLIC_URL;
  if (base === undefined || !url.href.startsWith(`${config.FUSIONAUTH_URL}/`)) return url;
  return new URL(base + url.href.slice(config.FUSIONAUTH_URL.length));
}

/**
 * Completes a log-in: checks state, issuer (RFC 9207) and the ID token with its nonce and signature. Resolves with
 * the identity. Throws a PageProblem that says what was wrong, and FusionAuthUnavailable.
 */
export async function completeLogIn(
  context: FusionAuthContext,
  query: string,
  { state, nonce, verifier }: PendingLogIn,
): Promise<{ readonly issuer: string; readonly subject: string }> {
  const client = await clientOf(context);
  const begun = performance.now();
  const tokens = await oauth
    .authorizationCodeGrant(client, new URL(redirectUri(context.config) + query), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      // Requires an ID token too.
      expectedNonce: nonce,
    })
    .catch((error: unknown) => {
      throw explained(error, performance.now() - begun);
    });
  const { iss: issuer, sub: subject } = tokens.claims() ?? {};
  if (issuer === undefined || subject === undefined) throw new Error('a log-in without an ID token');
  return { issuer, subject };
}

/**
 * Creates the client from the metadata, because FusionAuth's issuer is a name and may not be a URL to discover from.
 * Throws an ExitError 78 for metadata with plain http that was read over https: passwords, codes and the client secret
 * are sent there.
 */
async function clientOf({ data, config, clock }: FusionAuthContext): Promise<oauth.Configuration> {
  const server = await data.readDiscovery();
  const addresses = [server.authorization_endpoint, server.token_endpoint, server.jwks_uri];
  const secret = config.FUSIONAUTH_CLIENT_SECRET?.reveal();
  const authentication = secret === undefined ? oauth.None() : oauth.ClientSecretBasic(secret);
  const skew = Math.round((clock() - Date.now()) / 1000);
  const metadata = { [oauth.clockSkew]: skew };
  const client = new oauth.Configuration(server, config.FUSIONAUTH_APPLICATION_ID, metadata, authentication);
  client.timeout = timeoutSeconds;
  oauth.enableNonRepudiationChecks(client);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated only to stand out; plain http was checked at start
  if (config.FUSIONAUTH_URL.startsWith('http:')) oauth.allowInsecureRequests(client);
  else if (addresses.some((url) => url.startsWith('http:'))) throw plainHttp(config);
  return client;
}

const plainHttp = ({ FUSIONAUTH_URL }: DevCenterConfig): ExitError =>
  new ExitError(
    `The discovery document of FusionAuth at ${FUSIONAUTH_URL} has addresses with plain http, so nobody can log in: the ` +
      'proxy before FusionAuth must send X-Forwarded-Proto.',
    exitCodes.badConfiguration,
  );

const again = { path: '/login', title: 'Log in again' };

function explained(error: unknown, durationMs: number): unknown {
  const { code, status = 0, error: reason } = error as { code?: string; status?: number; error?: string };
  const refused = (text: string) => new PageProblem(400, 'You are not logged in', text, again);
  if (error instanceof oauth.AuthorizationResponseError)
    return refused(`FusionAuth ended the log-in (${reason ?? 'no reason given'}).`);
  if (error instanceof oauth.ResponseBodyError) {
    return reason === 'invalid_grant'
      ? refused('This log-in was completed before, or took too long.')
      : refused(
          `FusionAuth refused the log-in (${reason ?? status}): its application must allow it, see "doctor".`,
        );
  }
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') {
    return refused(
      'The clocks of FusionAuth and of the Dev Center differ too much: synchronise both by NTP.',
    );
  }
  const isAnswer = code !== undefined && /^OAUTH_(?!TIMEOUT|RESPONSE_IS_NOT_CONFORM|PARSE)/.test(code);
  if (isAnswer)
    return refused(`FusionAuth’s answer does not match the log-in that was begun here (${code}).`);
  return new FusionAuthUnavailable('log-in', { durationMs, cause: error, ...(status > 0 && { status }) });
}
