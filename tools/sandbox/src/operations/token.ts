import { type Client, identifyClient } from '../access/client.js';
import { type Answer, oauthError } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import { exchangeClientCredentials } from '../oauth/client-credentials-grant.js';
import { exchangeCode } from '../oauth/code-grant.js';
import { deviceGrant, exchangeDeviceCode } from '../oauth/device-grant.js';
import { exchangePassword } from '../oauth/password-grant.js';
import { exchangeRefreshToken } from '../oauth/refresh-grant.js';
import type { AccessTokenBody } from '../wire.js';

type Grant = (request: ApiRequest, instance: Instance, client: Client) => Promise<AccessTokenBody>;

const grants: Record<string, Grant | undefined> = {
  authorization_code: exchangeCode,
  password: exchangePassword,
  refresh_token: exchangeRefreshToken,
  [deviceGrant]: exchangeDeviceCode,
};

/** `POST /oauth2/token`: a form, never JSON (RFC 6749 section 3.2). It issues tokens; it validates none. */
export async function token(request: ApiRequest, instance: Instance): Promise<Answer> {
  const grantType = request.form.get('grant_type');
  if (!grantType)
    throw oauthError('invalid_request', 'missing_grant_type', 'The request names no grant_type.');
  // Entities are a separate kind of client, not applications.
  if (grantType === 'client_credentials') return answer(await exchangeClientCredentials(request, instance));
  const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined;
  if (!grant)
    throw oauthError('unsupported_grant_type', 'invalid_grant_type', 'This grant_type is not supported.');

  const client = identifyClient(request, instance);
  const enabled = client.application.oauthConfiguration.enabledGrants as string[] | undefined;
  if (!enabled?.includes(grantType))
    throw oauthError('unauthorized_client', 'grant_type_disabled', 'The client may not use this grant.');

  const body = await grant(request, instance, client);
  // The client is about to replace its old refresh token: the new one must survive a crash of this process.
  if (body.refresh_token !== undefined) await instance.save();
  return answer(body);
}

const answer = (body: AccessTokenBody): Answer => ({
  status: 200,
  body,
  headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
});
