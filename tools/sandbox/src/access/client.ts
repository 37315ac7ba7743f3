import { sameSecret } from '#gatehouse/platform';
import { OAuthError, oauthError } from '../answer.js';
import { inOneCase } from '../conversion.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { ApplicationRecord } from '../state/state.js';

export interface Client {
  readonly application: ApplicationRecord;
  /** True if a secret was presented and is correct. */
  readonly authenticated: boolean;
}

/**
 * Returns the client of a token request, from HTTP Basic or the form fields (RFC 6749 section 2.3.1). A presented
 * secret is always checked, even where none is required. A deactivated application is no client. Throws
 * {@link OAuthError} `invalid_request` or `invalid_client`.
 */
export function identifyClient(request: ApiRequest, instance: Instance): Client {
  const { id, secret } = presentedClient(request);
  const application = instance.state.applications.get(id);
  if (!application?.active) throw unknownClient();
  if (secret === null) return { application, authenticated: false };
  checkSecret(secret, application.oauthConfiguration.clientSecret);
  return { application, authenticated: true };
}

/** Returns the client id and secret of a request, unchecked. Throws {@link OAuthError} when it names no client. */
export function presentedClient({ headers, form }: ApiRequest): { id: string; secret: string | null } {
  const { id, secret } = basicCredentials(headers['authorization']) ?? {
    id: form.get('client_id'),
    secret: form.get('client_secret'),
  };
  if (!id) throw oauthError('invalid_request', 'missing_client_id', 'The request names no client_id.');
  return { id, secret };
}

export const unknownClient = () =>
  new OAuthError(401, 'invalid_client', 'invalid_client_id', 'No client has this client_id.');

export const missingSecret = () =>
  new OAuthError(401, 'invalid_client', 'client_authentication_missing', 'This client must send its secret.');

/** Throws {@link OAuthError} unless the secret is correct. */
export function checkSecret(secret: string, expected = ''): void {
  if (sameSecret(secret, expected)) return;
  const description = 'The client secret is wrong.';
  throw new OAuthError(401, 'invalid_client', 'invalid_client_authentication', description);
}

/**
 * Applies the application's `clientAuthenticationPolicy` to a grant; `pkce`: the grant proved a PKCE verifier. Throws
 * {@link OAuthError} when a secret is required and none was presented.
 */
export function requireClientAuthentication({ application, authenticated }: Client, pkce: boolean): void {
  const { clientAuthenticationPolicy = 'Required' } = application.oauthConfiguration;
  const optional =
    clientAuthenticationPolicy === 'NotRequired' ||
    (clientAuthenticationPolicy === 'NotRequiredWhenUsingPKCE' && pkce);
  if (!authenticated && !optional) throw missingSecret();
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const [, encoded] = /^basic +([\w+/=-]+)$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  try {
    return { id: inOneCase(formDecode(id)), secret: formDecode(secret.join(':')) };
  } catch {
    throw new OAuthError(
      401,
      'invalid_client',
      'invalid_client_authentication_scheme',
      'The Basic credentials are not form-encoded.',
    );
  }
}

const formDecode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
