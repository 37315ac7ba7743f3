import { type Answer, ok } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { OpenIdConfiguration } from '../wire.js';

/**
 * Returns the OpenID Connect discovery document of a tenant: by path, by `?tenantId=`, else of the default tenant. As in
 * FusionAuth, an unknown tenant is no 404 (fusionauth-issues 2538); it gets the document of the default tenant.
 */
export function discovery(request: ApiRequest, instance: Instance): Answer {
  const { tenants, defaultTenantId } = instance.state;
  const tenantId = request.params['tenantId'] ?? request.query.get('tenantId') ?? defaultTenantId;
  const tenant = tenants.get(tenantId.toLowerCase()) ?? tenants.get(defaultTenantId);
  return ok({
    issuer: tenant?.issuer,
    ...endpoints(request.baseUrl),
    ...abilities,
  } satisfies OpenIdConfiguration);
}

// The URLs use the address that the caller used, so that a proxy in front is not bypassed.
const endpoints = (baseUrl: string): OpenIdConfiguration => ({
  authorization_endpoint: `${baseUrl}/oauth2/authorize`,
  device_authorization_endpoint: `${baseUrl}/oauth2/device_authorize`,
  end_session_endpoint: `${baseUrl}/oauth2/logout`,
  jwks_uri: `${baseUrl}/.well-known/jwks.json`,
  token_endpoint: `${baseUrl}/oauth2/token`,
  userinfo_endpoint: `${baseUrl}/oauth2/userinfo`,
});

const algorithms = ['ES256', 'ES384', 'ES512', 'HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'EdDSA'];

const abilities: OpenIdConfiguration = {
  authorization_response_iss_parameter_supported: true,
  backchannel_logout_supported: false,
  claims_supported: [
    'applicationId',
    'at_hash',
    'aud',
    'authenticationType',
    'birthdate',
    'c_hash',
    'email',
    'email_verified',
    'exp',
    'family_name',
    'given_name',
    'iat',
    'iss',
    'jti',
    'middle_name',
    'name',
    'nbf',
    'nonce',
    'phone_number',
    'picture',
    'preferred_username',
    'roles',
    'sub',
  ],
  code_challenge_methods_supported: ['S256'],
  frontchannel_logout_supported: true,
  grant_types_supported: [
    'authorization_code',
    'password',
    'refresh_token',
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
  id_token_signing_alg_values_supported: algorithms,
  response_modes_supported: ['fragment', 'query'],
  response_types_supported: ['code'],
  scopes_supported: ['openid', 'offline_access', 'address', 'email', 'phone', 'profile'],
  subject_types_supported: ['public'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  userinfo_signing_alg_values_supported: algorithms,
};
