import * as oauth from 'openid-client';
import type { Clock } from '#gatehouse/platform';
import { inTime, oauthClient } from './oauth-client.js';

export interface CodeGrant {
  /** Base URL of FusionAuth, where discovery is read; the issuer may differ from it. */
  readonly url: string;
  readonly clientId: string;
  /** Needed if FusionAuth cannot derive the tenant from the client's id. */
  readonly tenantId?: string;
  /** One of the client's registered redirect URIs; nothing has to listen there. */
  readonly redirectUri: string;
  readonly loginId: string;
  readonly password: string;
  /** The authorization server's time in milliseconds, if it differs from this machine's. */
  readonly clock?: Clock;
}

/**
 * Logs a user in as a browser would, by the authorization code grant with PKCE (RFC 6749 section 4.1, RFC 7636):
 * reads the log-in page, posts its form, reads the code from the redirect and exchanges it. Resolves with the token
 * response; throws with the answer of the page or the server if the log-in fails.
 */
export async function walkCodeGrant(grant: CodeGrant): Promise<oauth.TokenEndpointResponse> {
  const { url, clientId, tenantId, clock, redirectUri } = grant;
  const client = await oauthClient({ url, clientId, clock });
  const verifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  const page = oauth.buildAuthorizationUrl(client, {
    client_id: clientId,
    redirect_uri: redirectUri,
    // With a refresh token.
    scope: 'openid offline_access email',
    state,
    ...(tenantId === undefined ? {} : { tenantId }),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const callback = await logIn(page, grant);
  return oauth.authorizationCodeGrant(client, callback, { pkceCodeVerifier: verifier, expectedState: state });
}

/** Posts the log-in form and returns the address that the browser would be sent to. */
async function logIn(page: URL, { loginId, password }: CodeGrant): Promise<URL> {
  const shown = await fetch(page, { redirect: 'manual', ...inTime() });
  const location = shown.headers.get('location');
  if (location !== null) return new URL(location, page);
  const form = readHiddenFields(await shown.text());
  if (shown.status !== 200 || form.size === 0) throw new Error(`the log-in page answered ${shown.status}`);
  form.set('loginId', loginId);
  form.set('password', password);
  const cookies = shown.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  const answer = await fetch(new URL(page.pathname, page), {
    method: 'POST',
    body: form,
    redirect: 'manual',
    ...(cookies.length > 0 ? { headers: { cookie: cookies.join('; ') } } : {}),
    ...inTime(),
  });
  const target = answer.headers.get('location');
  if (target === null) throw new Error(`${loginId} was not logged in: the page answered ${answer.status}`);
  return new URL(target, page);
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Returns every hidden field of the page's forms, with attributes in any order. */
function readHiddenFields(page: string): URLSearchParams {
  const text = (escaped = '') =>
    escaped.replace(/&([^;]+);/g, (whole, name: string) => entities[name] ?? whole);
  const attribute = (tag: string, name: string) => text(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]);
  const tags = [...page.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
  const hidden = tags.filter((tag) => attribute(tag, 'type') === 'hidden' && attribute(tag, 'name') !== '');
  return new URLSearchParams(
    hidden.map((tag): [string, string] => [attribute(tag, 'name'), attribute(tag, 'value')]),
  );
}
