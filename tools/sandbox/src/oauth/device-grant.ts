import { type Client, requireClientAuthentication } from '../access/client.js';
import { OAuthError, oauthError } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import { requireUsableUser } from '../users/log-in.js';
import type { AccessTokenBody } from '../wire.js';
import { issueTokens, startSession } from './log-in-tokens.js';

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** Answers a polling device: tokens once a person has approved it (RFC 8628 sections 3.4 and 3.5). */
export async function exchangeDeviceCode(
  { form }: ApiRequest,
  instance: Instance,
  client: Client,
): Promise<AccessTokenBody> {
  const code = form.get('device_code');
  if (!code)
    throw oauthError('invalid_request', 'missing_device_code', 'The request carries no device_code.');
  requireClientAuthentication(client, false);
  const device = instance.deviceCodes.get(code);
  if (device?.clientId !== client.application.id)
    throw oauthError('invalid_request', 'invalid_device_code', 'The device_code is unknown or used.');
  if (device.expiresAt <= instance.now()) throw polled('expired_token', 'The device_code has expired.');
  if (instance.settings.slowDownDevices) throw polled('slow_down', 'The device polls too often.');
  if (!device.approval) throw polled('authorization_pending', 'Nobody has approved the device yet.');
  instance.deviceCodes.delete(code);
  const user = requireUsableUser(instance, device.approval.userId, client.application.id);
  const login = {
    userId: user.id,
    scopes: device.scopes,
    authTime: device.approval.authTime,
    gty: [deviceGrant],
  };
  const session = startSession(instance, client, login);
  return { ...(await issueTokens(instance, client, login, user, session)), userId: user.id };
}

/** Returns an error answer to polling, which has no `error_reason`. */
const polled = (error: OAuthError['error'], description: string) =>
  new OAuthError(400, error, undefined, description);
