import { oauthError } from '../answer.js';
import type { OAuthConfiguration } from '../wire.js';

const reserved = ['openid', 'offline_access'];
const provided = ['address', 'email', 'phone', 'profile'] as const;

export const splitScope = (scope: string): string[] => [
  ...new Set(scope.split(' ').filter((part) => part !== '')),
];

/**
 * The scopes an authorization request gets, by the application's `unknownScopePolicy` and `providedScopePolicy`.
 * Throws {@link OAuthError} `invalid_scope`.
 */
export function grantScopes(requested: string, configuration: OAuthConfiguration): string[] {
  const { providedScopePolicy = {}, unknownScopePolicy = 'Reject' } = configuration;
  const known = [...reserved, ...provided.filter((scope) => providedScopePolicy[scope]?.enabled !== false)];
  const scopes = splitScope(requested);
  const missing = provided.find((scope) => providedScopePolicy[scope]?.required && !scopes.includes(scope));
  if (missing)
    throw oauthError('invalid_scope', 'missing_required_scope', `The scope ${missing} is required.`);

  if (unknownScopePolicy === 'Allow') return scopes;
  const unknown = scopes.filter((scope) => !known.includes(scope));
  if (unknown.length > 0 && unknownScopePolicy === 'Reject')
    throw oauthError('invalid_scope', 'unknown_scope', 'The request contains an unknown scope.');

  return scopes.filter((scope) => !unknown.includes(scope));
}

/** The scopes of a refreshed token: all of the grant, or the asked part of them (RFC 6749 section 6). */
export function narrowScopes(granted: readonly string[], requested: string | null): readonly string[] {
  if (requested === null) return granted;
  const scopes = splitScope(requested);
  if (scopes.some((scope) => !granted.includes(scope)))
    throw oauthError('invalid_scope', 'unknown_scope', 'A scope was asked for that was not granted.');

  return scopes;
}
