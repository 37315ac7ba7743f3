import { oauthError } from '../answer.js';
import type { ApplicationRecord } from '../state/state.js';
import { isChallenge } from '../tokens/authorization-code.js';
import { grantResources } from '../tokens/resources.js';
import { grantScopes } from '../tokens/scope.js';

/** A checked authorization request. */
export interface AuthorizationRequest {
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly challenge: string | null;
  readonly nonce: string | null;
}

/**
 * Checks the rest of the request. Throws {@link OAuthError} to be sent to the return address (RFC 6749 section
 * 4.1.2.1).
 */
export function checkAuthorizationRequest(
  parameters: URLSearchParams,
  application: ApplicationRecord,
): AuthorizationRequest {
  const { oauthConfiguration } = application;
  const responseType = parameters.get('response_type');
  if (!responseType)
    throw oauthError('invalid_request', 'missing_response_type', 'The request names no response_type.');
  if (responseType !== 'code')
    throw oauthError('unsupported_response_type', 'invalid_response_type', 'The response_type must be code.');

  if (!oauthConfiguration.enabledGrants?.includes('authorization_code')) {
    throw oauthError(
      'unauthorized_client',
      'grant_type_disabled',
      'The client may not use the authorization code grant.',
    );
  }
  if (!['query', 'fragment', null].includes(parameters.get('response_mode'))) {
    throw oauthError(
      'invalid_request',
      'invalid_response_mode',
      'The response_mode must be query or fragment.',
    );
  }
  return {
    scopes: grantScopes(parameters.get('scope') ?? '', application),
    resources: grantResources(parameters, application),
    challenge: checkChallenge(parameters, oauthConfiguration.proofKeyForCodeExchangePolicy === 'Required'),
    nonce: parameters.get('nonce'),
  };
}

function checkChallenge(parameters: URLSearchParams, required: boolean): string | null {
  const challenge = parameters.get('code_challenge');
  if (challenge === null) {
    if (required) throw oauthError('invalid_request', 'missing_code_challenge', 'The client must use PKCE.');
    return null;
  }
  if (parameters.get('code_challenge_method') !== 'S256') {
    throw oauthError(
      'invalid_request',
      'invalid_pkce_code_challenge_method',
      'The code_challenge_method must be S256.',
    );
  }
  if (!isChallenge(challenge)) {
    throw oauthError(
      'invalid_request',
      'invalid_pkce_code_challenge',
      'The code_challenge is not a SHA-256 hash.',
    );
  }
  return challenge;
}

/**
 * Throws {@link OAuthError} for `prompt=none`, which asks not to show a page: there is never a log-in session to use
 * instead.
 */
export function checkPrompt(prompt: string | null): void {
  if (prompt === 'none')
    throw oauthError('login_required', 'authentication_required', 'The person must log in.');
  if (prompt !== null && !['login', 'consent'].includes(prompt))
    throw oauthError('invalid_request', 'invalid_prompt', 'The prompt must be none, login or consent.');
}
