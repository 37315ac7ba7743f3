import type { CookieCarrier } from '../../core/carrier.js';
import type { RequestFacts } from '../../core/facts.js';
import { malformed, type Refusal } from '../../core/failure.js';
import { forbidden } from './reasons.js';

export const cookies = (names: readonly string[]): CookieCarrier[] =>
  names.map((name) => ({ in: 'cookie', name }));

/** FusionAuth's cookies for a refresh token, of its hosted backend and of its Login API: never read, but stripped. */
export const refreshTokenCookies: readonly string[] = ['app.rt', 'refresh_token'];

/** Every cookie in which FusionAuth stores a token (FusionAuth docs, Hosted Backend APIs and Login API). */
export const fusionAuthCookies = cookies(['app.at', 'access_token', ...refreshTokenCookies]);

/** The safe methods of RFC 9110 section 9.2.1. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Reads the token from the cookie `name`. Browsers attach cookies to requests that another site triggers, so a
 * request that may change state must prove its origin.
 */
export function fromCookie(
  value: string,
  name: string,
  request: RequestFacts,
  allowedOrigins: readonly string[],
): Refusal | { readonly credential: string } {
  if (value === '') return malformed(`The cookie ${name} is empty.`);
  return safeMethods.has(request.method) || provesOrigin(request, allowedOrigins)
    ? { credential: value }
    : forbidden('origin', { code: 'csrf_refused' });
}

/**
 * Tells whether the request comes from an allowed origin or the same origin. Scripts can set neither header (Fetch
 * standard, forbidden request-headers; W3C Fetch Metadata).
 */
function provesOrigin(request: RequestFacts, allowed: readonly string[]): boolean {
  const origins = request.header('origin');
  const sites = request.header('sec-fetch-site');
  if (origins.length > 1 || sites.length > 1) return false;
  return allowed.includes(origins[0] ?? '') || sites[0] === 'same-origin';
}
