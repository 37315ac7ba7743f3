import { isIP } from 'node:net';
import { decodeJwt } from 'jose';
import type { ApiRequest, Instance } from '../instance.js';
import { sessionExpiry } from '../tokens/refresh-token.js';
import { policyOf, sessionByToken } from '../tokens/sessions.js';
import type { AccessTokenBody } from '../wire.js';

export const accessToken = 'app.at';
export const refreshToken = 'app.rt';
export const pkceVerifier = 'app.pkce_v';
const idToken = 'app.idt';
const expiry = 'app.at_exp';

const hidden: readonly string[] = [accessToken, refreshToken, pkceVerifier];

/**
 * Returns one `set-cookie` value. The page's script reads the ID token and the expiry; the other cookies are HttpOnly.
 */
export function setCookie(
  { baseUrl }: ApiRequest,
  name: string,
  value: string,
  maxAgeSeconds: number,
): string {
  const domain = domainOf(new URL(baseUrl).hostname);
  return [
    `${name}=${value}`,
    `Max-Age=${maxAgeSeconds}`,
    'Path=/',
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    'Secure',
    ...(hidden.includes(name) ? ['HttpOnly'] : []),
    'SameSite=Lax',
  ].join('; ');
}

/**
 * Returns the cookies of a log-in or a refresh. `app.rt` lives as long as the refresh token, the others as long as the
 * access token. `app.at_exp` is in seconds since the epoch. `presented` is the refresh token that stays valid when none
 * was issued.
 */
export function sessionCookies(
  request: ApiRequest,
  instance: Instance,
  tokens: AccessTokenBody,
  presented?: string,
): string[] {
  const { access_token = '', expires_in = 0, id_token, refresh_token = presented } = tokens;
  return [
    setCookie(request, accessToken, access_token, expires_in),
    setCookie(request, expiry, String(decodeJwt(access_token).exp), expires_in),
    ...(id_token === undefined ? [] : [setCookie(request, idToken, id_token, expires_in)]),
    ...(refresh_token === undefined
      ? []
      : [setCookie(request, refreshToken, refresh_token, secondsLeft(instance, refresh_token))]),
  ];
}

/** Returns the values that remove every cookie of a log-in. */
export const noSessionCookies = (request: ApiRequest): string[] =>
  [accessToken, refreshToken, idToken, expiry].map((name) => setCookie(request, name, '', 0));

function secondsLeft(instance: Instance, token: string): number {
  const session = sessionByToken(instance, token);
  const policy = session && policyOf(instance, session);
  return policy ? Math.floor((sessionExpiry(session, policy) - instance.now()) / 1000) : 0;
}

/**
 * Returns the broadest domain below the top-level domain, so that `auth.example.com` sets cookies for `example.com`;
 * undefined for an address and for a host without a parent, which get host-only cookies. FusionAuth treats `localhost`
 * as a parent like any other, and browsers drop the cookies of `auth.acme.localhost` (fusionauth-issues 3356).
 */
export function domainOf(host: string): string | undefined {
  const labels = host.split('.');
  if (labels.length === 1 || isIP(host.replace(/^\[|\]$/g, '')) !== 0) return undefined;
  return labels.slice(labels.at(-1) === 'localhost' ? -1 : -2).join('.');
}
