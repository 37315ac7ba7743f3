import { OAuthError } from '../answer.js';
import type { ApplicationRecord } from '../state/state.js';

/**
 * Returns the resources that an authorization request names (RFC 8707 section 2.1), for which the access token is valid
 * too. An application without `authorizedResourceUris` ignores the parameter, as documented. Throws {@link OAuthError}
 * `invalid_target` for a resource that is not among them.
 */
export function grantResources(
  parameters: URLSearchParams,
  { oauthConfiguration: { authorizedResourceUris = [] } }: ApplicationRecord,
): string[] {
  return authorizedResourceUris.length === 0 ? [] : within(authorizedResourceUris, parameters);
}

/**
 * Returns the resources of a token request: all that were granted, or the requested part of them (RFC 8707 section 2.2).
 * Throws {@link OAuthError} `invalid_target`.
 */
export function narrowResources(
  form: URLSearchParams,
  application: ApplicationRecord,
  granted: readonly string[] = [],
): readonly string[] {
  const requested = grantResources(form, application);
  return requested.length === 0 ? granted : within(granted, form);
}

function within(allowed: readonly string[], parameters: URLSearchParams): string[] {
  const requested = [...new Set(parameters.getAll('resource'))];
  if (requested.every((resource) => allowed.includes(resource))) return requested;
  throw new OAuthError(400, 'invalid_target', undefined, 'The client may not request this resource.');
}
