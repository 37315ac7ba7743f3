import { type Client, identifyClient, missingSecret } from '../access/client.js';
import { type Answer, empty, OAuthError, oauthError, ok } from '../answer.js';
import type { ApiRequest, DeviceCode, Instance } from '../instance.js';
import { deviceGrant } from '../oauth/device-grant.js';
import type { ApplicationRecord } from '../state/state.js';
import { deviceByUserCode, issueDeviceCode } from '../tokens/device-code.js';
import { isCurrent, readToken } from '../tokens/read-token.js';
import { grantScopes } from '../tokens/scope.js';
import { requireUsableUser } from '../users/log-in.js';
import type { DeviceApprovalBody, DeviceBody, DeviceUserCodeBody } from '../wire.js';

/** The time that a device must wait between two polls, in seconds. FusionAuth has no setting for it. */
const intervalSeconds = 5;

/** `POST /oauth2/device_authorize` (RFC 8628 section 3.1): starts the wait of a device. */
export function authorizeDevice(request: ApiRequest, instance: Instance): Answer {
  const { application } = identifyClient(request, instance);
  requireDeviceGrant(application);
  requireOwnTenant(application, request.form.get('tenantId'));
  const { deviceVerificationURL } = application.oauthConfiguration;
  if (!deviceVerificationURL) {
    const description = 'The application has no deviceVerificationURL.';
    throw oauthError('invalid_request', 'missing_verification_uri', description);
  }
  const scopes = grantScopes(request.form.get('scope') ?? '', application);
  const { id: clientId, tenantId } = application;
  const { code, userCode, expiresAt } = issueDeviceCode(instance, { clientId, tenantId, scopes });
  const complete = new URL(deviceVerificationURL);
  complete.searchParams.set('user_code', userCode);
  return {
    status: 200,
    headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
    body: {
      device_code: code,
      expires_in: secondsUntil(expiresAt, instance),
      interval: intervalSeconds,
      user_code: userCode,
      verification_uri: deviceVerificationURL,
      verification_uri_complete: complete.href,
    } satisfies DeviceBody,
  };
}

/** `GET /oauth2/device/validate`: whether a device is waiting with this code. */
export function validateUserCode({ query }: ApiRequest, instance: Instance): Answer {
  const clientId = query.get('client_id');
  if (!clientId) throw oauthError('invalid_request', 'missing_client_id', 'The request names no client_id.');
  waitingDevice(instance, clientId, query.get('user_code'));
  return empty(200);
}

/**
 * `POST /oauth2/device/user-code`: describes the device that is waiting with this code, for a page of the application's
 * own.
 */
export function describeUserCode(request: ApiRequest, instance: Instance): Answer {
  const { application } = authenticatedClient(request, instance);
  const device = waitingDevice(instance, application.id, request.form.get('user_code'));
  return ok({
    client_id: application.id,
    deviceInfo: {},
    expires_in: secondsUntil(device.expiresAt, instance),
    scope: device.scopes.join(' '),
    tenantId: device.tenantId,
    user_code: device.userCode,
  } satisfies DeviceUserCodeBody);
}

/** `POST /oauth2/device/approve`: approves the device for the person of an access token. */
export async function approveDevice(request: ApiRequest, instance: Instance): Promise<Answer> {
  const { application } = authenticatedClient(request, instance);
  requireOwnTenant(application, request.form.get('tenantId'));
  const device = waitingDevice(instance, application.id, request.form.get('user_code'));
  const read = await readToken(instance, request.form.get('token') ?? '');
  const subject =
    read?.kind === 'access_token' && isCurrent(read.claims, instance.now()) && read.claims['sub'];
  if (typeof subject !== 'string')
    throw oauthError('invalid_token', 'access_token_malformed', 'The token is not a current access token.');
  const user = requireUsableUser(instance, subject, application.id);
  if (user.tenantId !== application.tenantId)
    throw oauthError('invalid_token', 'access_token_malformed', 'The token is of another tenant.');
  approve(instance, device, user.id);
  const { tenantId } = device;
  const body = { deviceGrantStatus: 'Approved', deviceInfo: {}, tenantId, userId: user.id };
  return ok(body satisfies DeviceApprovalBody);
}

/** Approves the device of a code: it gets its tokens at its next poll, as this person. */
export function approve(instance: Instance, device: DeviceCode, userId: string): void {
  device.approval = { userId, authTime: Math.floor(instance.now() / 1000) };
}

/** Returns the device that is waiting with `userCode` at this client. Throws {@link OAuthError}. */
export function waitingDevice(instance: Instance, clientId: string, userCode: string | null): DeviceCode {
  if (!userCode)
    throw oauthError('invalid_request', 'missing_user_code', 'The request carries no user_code.');
  const device = deviceByUserCode(instance, clientId, userCode);
  if (!device || device.approval)
    throw oauthError('invalid_request', 'invalid_user_code', 'No device is waiting with this user_code.');
  if (device.expiresAt <= instance.now())
    throw oauthError('invalid_request', 'user_code_expired', 'The user_code has expired.');
  return device;
}

/** Throws {@link OAuthError} unless the application may use the device grant. */
export function requireDeviceGrant({ oauthConfiguration }: ApplicationRecord): void {
  if ((oauthConfiguration.enabledGrants as string[] | undefined)?.includes(deviceGrant)) return;
  throw oauthError('unauthorized_client', 'grant_type_disabled', 'The client may not use this grant.');
}

/** Returns the client, authenticated by its id and secret. */
function authenticatedClient(request: ApiRequest, instance: Instance): Client {
  const client = identifyClient(request, instance);
  if (!client.authenticated) throw missingSecret();
  requireDeviceGrant(client.application);
  return client;
}

function requireOwnTenant({ tenantId }: ApplicationRecord, named: string | null): void {
  if (named && named.toLowerCase() !== tenantId) {
    throw new OAuthError(
      400,
      'invalid_request',
      'invalid_tenant_id',
      'This client belongs to another tenant.',
    );
  }
}

const secondsUntil = (instant: number, instance: Instance): number =>
  Math.ceil((instant - instance.now()) / 1000);
