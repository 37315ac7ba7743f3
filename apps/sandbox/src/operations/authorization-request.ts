import { oauthError } from '../errors.js';
import type { ApplicationRecord, TenantRecord } from '../state/state.js';
import { isChallenge } from '../tokens/pkce.js';
import { grantScopes } from '../tokens/scope.js';
import type { World } from '../world.js';

/** Where answers to an authorization request may be sent; found before anything else is looked at. */
export interface ReturnAddress {
  readonly application: ApplicationRecord;
  readonly tenant: TenantRecord;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly responseMode: 'query' | 'fragment';
}

/** What is asked for, checked. */
export interface AuthorizationRequest {
  readonly scopes: readonly string[];
  readonly challenge: string | null;
  readonly nonce: string | null;
}

/**
 * The client and its registered redirect address (exact match, RFC 9700 section 2.1). Until this succeeds no answer may
 * be redirected; errors are shown to the person instead. Throws {@link OAuthError}.
 */
export function findReturnAddress(parameters: URLSearchParams, world: World): ReturnAddress {
  const clientId = parameters.get('client_id');
  if (!clientId) throw oauthError('invalid_request', 'missing_client_id', 'The request names no client_id.');
  const application = world.state.applications.get(clientId);
  const tenant = application && world.state.tenants.get(application.tenantId);
  if (!application?.active || !tenant) {
    throw oauthError('invalid_request', 'invalid_client_id', 'No client has this client_id.');
  }
  if ((parameters.get('tenantId') || tenant.id) !== tenant.id) {
    throw oauthError('invalid_request', 'invalid_tenant_id', 'This client belongs to another tenant.');
  }
  const redirectUri = parameters.get('redirect_uri');
  if (!redirectUri)
    throw oauthError('invalid_request', 'missing_redirect_uri', 'The request names no redirect_uri.');
  if (!application.oauthConfiguration.authorizedRedirectURLs?.includes(redirectUri)) {
    throw oauthError(
      'invalid_request',
      'invalid_redirect_uri',
      'This redirect_uri is not registered for the client.',
    );
  }
  const responseMode = parameters.get('response_mode') === 'fragment' ? 'fragment' : 'query';
  return { application, tenant, redirectUri, state: parameters.get('state'), responseMode };
}

/** The rest of the request. Throws {@link OAuthError} to be sent to the return address (RFC 6749 section 4.1.2.1). */
export function checkAuthorizationRequest(
  parameters: URLSearchParams,
  { oauthConfiguration }: ApplicationRecord,
): AuthorizationRequest {
  const responseType = parameters.get('response_type');
  if (!responseType)
    throw oauthError('invalid_request', 'missing_response_type', 'The request names no response_type.');
  if (responseType !== 'code') {
    throw oauthError('unsupported_response_type', 'invalid_response_type', 'The response_type must be code.');
  }
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
    scopes: grantScopes(parameters.get('scope') ?? '', oauthConfiguration),
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

/** `prompt=none` asks not to show a page, and without a log-in session there is nothing else to do. */
export function checkPrompt(prompt: string | null): void {
  if (prompt === 'none')
    throw oauthError('login_required', 'authentication_required', 'The person must log in.');
  if (prompt !== null && !['login', 'consent'].includes(prompt)) {
    throw oauthError('invalid_request', 'invalid_prompt', 'The prompt must be none, login or consent.');
  }
}

/** The return address with `parameters` added; those without a value are left out. */
export function returnTo(address: ReturnAddress, parameters: Record<string, string | null>): string {
  const url = new URL(address.redirectUri);
  const target = address.responseMode === 'fragment' ? new URLSearchParams() : url.searchParams;
  for (const [name, value] of Object.entries({
    ...parameters,
    state: address.state,
    iss: address.tenant.issuer,
  })) {
    if (value !== null) target.set(name, value);
  }
  if (address.responseMode === 'fragment') url.hash = target.toString();
  return url.href;
}
