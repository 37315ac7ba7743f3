import { accessTokenCookie, cookiesNamed, type RequestFacts } from '../../core/request-facts.js';
import type { Claim } from '../../core/strategy.js';

/** RFC 9110 section 9.2.1. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The token in the cookie `app.at`. A browser sends cookies along with whatever another site makes it request, so a
 * request that may change something needs proof of where it came from.
 */
export function claimCookie(request: RequestFacts, allowedOrigins: readonly string[]): Claim<string> {
  const [value, ...others] = cookiesNamed(request, accessTokenCookie);
  if (value === undefined) return { kind: 'not-mine' };
  if (others.length > 0)
    return { kind: 'malformed', detail: `The cookie ${accessTokenCookie} occurs more than once.` };
  if (value === '') return { kind: 'malformed', detail: `The cookie ${accessTokenCookie} is empty.` };
  return safeMethods.has(request.method) || provesOrigin(request, allowedOrigins)
    ? { kind: 'claimed', credential: value }
    : { kind: 'forbidden', reason: 'origin', code: 'csrf_refused' };
}

/** Scripts can set neither header (Fetch standard, forbidden request-headers; W3C Fetch Metadata). */
function provesOrigin(request: RequestFacts, allowed: readonly string[]): boolean {
  const origins = request.header('origin');
  const sites = request.header('sec-fetch-site');
  if (origins.length > 1 || sites.length > 1) return false;
  return allowed.includes(origins[0] ?? '') || sites[0] === 'same-origin';
}
