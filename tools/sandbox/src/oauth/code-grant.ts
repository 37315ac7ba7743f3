import { type Client, requireClientAuthentication } from '../access/client.js';
import { oauthError } from '../answer.js';
import type { ApiRequest, AuthorizationCode, Instance } from '../instance.js';
import { provesChallenge, redeemCode } from '../tokens/authorization-code.js';
import { narrowResources } from '../tokens/resources.js';
import { requireUsableUser } from '../users/log-in.js';
import type { AccessTokenBody } from '../wire.js';
import { issueTokens, startSession } from './log-in-tokens.js';

const gty = ['authorization_code'];

/** Exchanges an authorization code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.6). */
export async function exchangeCode(
  { form }: ApiRequest,
  instance: Instance,
  client: Client,
): Promise<AccessTokenBody> {
  const { application } = client;
  const code = form.get('code');
  if (!code) throw oauthError('invalid_request', 'missing_code', 'The request carries no code.');
  const verifier = form.get('code_verifier');
  requireClientAuthentication(client, verifier !== null);
  const login = redeemCode(instance, code, application.id);
  if (!login)
    throw oauthError('invalid_grant', 'auth_code_not_found', 'The code is unknown, used or expired.');
  if (form.get('redirect_uri') !== login.redirectUri) {
    throw oauthError(
      'invalid_request',
      'invalid_redirect_uri',
      'The redirect_uri differs from the first one.',
    );
  }
  checkVerifier(login, verifier, client);
  const user = requireUsableUser(instance, login.userId, application.id);
  const resources = narrowResources(form, application, login.resources);
  const logIn = { ...login, gty, code };
  const session = startSession(instance, client, logIn);
  const tokens = await issueTokens(instance, client, { ...logIn, resources }, user, session);
  return { ...tokens, userId: user.id };
}

function checkVerifier({ challenge }: AuthorizationCode, verifier: string | null, client: Client): void {
  const policy = client.application.oauthConfiguration.proofKeyForCodeExchangePolicy ?? 'NotRequired';
  if (challenge === undefined) {
    const due =
      policy === 'Required' ||
      (policy === 'NotRequiredWhenUsingClientAuthentication' && !client.authenticated);
    if (!due && verifier === null) return;
    throw oauthError('invalid_request', 'missing_code_challenge', 'The log-in carried no code_challenge.');
  }
  if (verifier === null)
    throw oauthError('invalid_request', 'missing_code_verifier', 'The request carries no code_verifier.');

  if (!provesChallenge(verifier, challenge))
    throw oauthError('invalid_grant', 'invalid_pkce_code_verifier', 'The code_verifier is wrong.');
}
