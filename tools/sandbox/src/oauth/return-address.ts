import { oauthError } from '../answer.js';
import type { Instance } from '../instance.js';
import type { ApplicationRecord, TenantRecord } from '../state/state.js';
import type { OAuthConfiguration } from '../wire.js';
import { matches } from './redirect-pattern.js';

/** The address for answers to an authorization request; determined before anything else is checked. */
export interface ReturnAddress {
  readonly application: ApplicationRecord;
  readonly tenant: TenantRecord;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly responseMode: 'query' | 'fragment';
}

/** Returns the address where FusionAuth's Hosted Backend receives the codes of every client; no client registers it. */
export const callbackOf = (baseUrl: string): string => `${baseUrl}/app/callback`;

/**
 * Returns the client and its registered redirect address (exact match, RFC 9700 section 2.1, unless its policy allows
 * wildcards), or FusionAuth's own callback. Until this succeeds no answer may be redirected; errors are shown to the
 * person instead. Throws {@link OAuthError}.
 */
export function findReturnAddress(
  parameters: URLSearchParams,
  instance: Instance,
  baseUrl: string,
): ReturnAddress {
  const clientId = parameters.get('client_id');
  if (!clientId) throw oauthError('invalid_request', 'missing_client_id', 'The request names no client_id.');
  const application = instance.state.applications.get(clientId);
  const tenant = application && instance.state.tenants.get(application.tenantId);
  if (!application?.active || !tenant)
    throw oauthError('invalid_request', 'invalid_client_id', 'No client has this client_id.');

  if ((parameters.get('tenantId') || tenant.id) !== tenant.id)
    throw oauthError('invalid_request', 'invalid_tenant_id', 'This client belongs to another tenant.');

  const wanted = parameters.get('redirect_uri');
  const redirectUri = wanted === callbackOf(baseUrl) ? wanted : registeredAddress(wanted, application);
  const responseMode = parameters.get('response_mode') === 'fragment' ? 'fragment' : 'query';
  return { application, tenant, redirectUri, state: parameters.get('state'), responseMode };
}

/** Returns the address if the client has registered it. Throws {@link OAuthError}. */
export function registeredAddress(wanted: string | null, { oauthConfiguration }: ApplicationRecord): string {
  if (!wanted)
    throw oauthError('invalid_request', 'missing_redirect_uri', 'The request names no redirect_uri.');
  // FusionAuth's own application registers /login, a page that the sandbox does not have.
  if (isRegistered(wanted, oauthConfiguration) && URL.canParse(wanted)) return wanted;
  const description = 'This redirect_uri is not registered for the client.';
  throw oauthError('invalid_request', 'invalid_redirect_uri', description);
}

/** Returns whether the client has registered this address, exactly or, where its policy allows it, by asterisks. */
export const isRegistered = (
  url: string,
  { authorizedRedirectURLs = [], authorizedURLValidationPolicy: policy }: OAuthConfiguration,
): boolean =>
  authorizedRedirectURLs.includes(url) ||
  (policy === 'AllowWildcards' && authorizedRedirectURLs.some((pattern) => matches(pattern, url)));

/** Returns the return address with `parameters` added; those without a value are omitted. */
export function returnTo(address: ReturnAddress, parameters: Record<string, string | null>): string {
  const url = new URL(address.redirectUri);
  const target = address.responseMode === 'fragment' ? new URLSearchParams() : url.searchParams;
  for (const [name, value] of Object.entries({
    ...parameters,
    state: address.state,
    iss: address.tenant.issuer,
  }))
    if (value !== null) target.set(name, value);

  if (address.responseMode === 'fragment') url.hash = target.toString();
  return url.href;
}

/** Returns `address` with `parameters` in its query; those without a value are omitted. */
export function withParameters(
  address: string,
  parameters: Record<string, string | null | undefined>,
): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters))
    if (value !== null && value !== undefined) url.searchParams.set(name, value);
  return url.href;
}
