import { oauthError } from '../answer.js';
import type { ApplicationRecord } from '../state/state.js';

const reserved = ['openid', 'offline_access'];
const provided = ['address', 'email', 'phone', 'profile'] as const;

export const splitScope = (scope: string): string[] => [
  ...new Set(scope.split(' ').filter((part) => part !== '')),
];

/**
 * Returns the scopes granted to an authorization request, by the application's own scopes, its `providedScopePolicy`
 * and its `unknownScopePolicy`. A scope that the policy calls required need not be requested: it only means that the
 * person cannot refuse it. Throws {@link OAuthError} `invalid_scope`.
 */
export function grantScopes(
  requested: string,
  { oauthConfiguration, scopes: own = [] }: ApplicationRecord,
): string[] {
  const { providedScopePolicy = {}, unknownScopePolicy = 'Reject' } = oauthConfiguration;
  const enabled = provided.filter((scope) => providedScopePolicy[scope]?.enabled !== false);
  const known = [...reserved, ...enabled, ...own.map(({ name }) => name)];
  const scopes = splitScope(requested);
  if (unknownScopePolicy === 'Allow') return scopes;
  const unknown = scopes.filter((scope) => !known.includes(scope));
  if (unknown.length > 0 && unknownScopePolicy === 'Reject')
    throw oauthError('invalid_scope', 'unknown_scope', 'The request contains an unknown scope.');

  return scopes.filter((scope) => !unknown.includes(scope));
}

/**
 * Returns the scopes of a refreshed token: all that were granted, or the requested part of them (RFC 6749 section 6).
 */
export function narrowScopes(granted: readonly string[], requested: string | null): readonly string[] {
  if (requested === null) return granted;
  const scopes = splitScope(requested);
  if (scopes.some((scope) => !granted.includes(scope)))
    throw oauthError('invalid_scope', 'unknown_scope', 'A scope was requested that was not granted.');

  return scopes;
}
