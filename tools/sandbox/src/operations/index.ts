import { empty, ok } from '../answer.js';
import { hostedBackend } from '../hosted-backend/operations.js';
import { storedOperations } from '../stored/operations.js';
import { apiKeyOperations } from './api-key.js';
import { applicationOperations } from './application.js';
import { showLogIn, submitLogIn } from './authorize.js';
import { approveDevice, authorizeDevice, describeUserCode, validateUserCode } from './device.js';
import { showDeviceComplete, showDevicePage, submitDevicePage } from './device-page.js';
import { discovery } from './discovery.js';
import { entityOperations } from './entity.js';
import { entityGrantOperations } from './entity-grant.js';
import { entityTypeOperations } from './entity-type.js';
import { familyOperations } from './family.js';
import { groupOperations } from './group.js';
import { groupMemberOperations } from './group-member.js';
import { introspect } from './introspect.js';
import { jwks, publicKey } from './jwks.js';
import { refreshJwt, validate } from './jwt.js';
import { keyOperations } from './key.js';
import { lambdaOperations } from './lambda.js';
import { login } from './login.js';
import { loginRecordOperations } from './login-record.js';
import { logout, oauthLogout } from './logout.js';
import { type Operation, operation } from './operation.js';
import { permissionOperations } from './permission.js';
import { retrieveRefreshToken, revokeRefreshToken } from './refresh-token.js';
import { registrationOperations } from './registration.js';
import { roleOperations } from './role.js';
import { scopeOperations } from './scope.js';
import { showRegistration, submitRegistration } from './self-registration.js';
import { tenantOperations } from './tenant.js';
import { token } from './token.js';
import { userOperations } from './user.js';
import { actionLogOperations } from './user-action.js';
import { userActionOperations } from './user-action-definition.js';
import { userinfo } from './userinfo.js';
import { webhookOperations } from './webhook.js';
import { eventLogOperations } from './webhook-event-log.js';

/** Every operation of FusionAuth that the sandbox implements; the rest is 501. */
export const operations: readonly Operation[] = [
  operation('GET', '/.well-known/openid-configuration', 'anyone', discovery),
  operation('GET', '/:tenantId/.well-known/openid-configuration', 'anyone', discovery),
  operation('GET', '/.well-known/jwks.json', 'anyone', jwks),
  operation('GET', '/api/jwt/public-key', 'anyone', publicKey),
  operation('GET', '/oauth2/authorize', 'anyone', showLogIn),
  operation('POST', '/oauth2/authorize', 'anyone', submitLogIn),
  operation('GET', '/oauth2/register', 'anyone', showRegistration),
  operation('POST', '/oauth2/register', 'anyone', submitRegistration),
  operation('POST', '/oauth2/token', 'anyone', token),
  operation('POST', '/oauth2/device_authorize', 'anyone', authorizeDevice),
  operation('GET', '/oauth2/device/validate', 'anyone', validateUserCode),
  operation('POST', '/oauth2/device/user-code', 'anyone', describeUserCode),
  operation('POST', '/oauth2/device/approve', 'anyone', approveDevice),
  operation('GET', '/oauth2/device', 'anyone', showDevicePage),
  operation('POST', '/oauth2/device', 'anyone', submitDevicePage),
  operation('GET', '/oauth2/device-complete', 'anyone', showDeviceComplete),
  operation('POST', '/oauth2/introspect', 'anyone', introspect),
  operation('GET', '/oauth2/userinfo', 'anyone', userinfo),
  operation('POST', '/oauth2/userinfo', 'anyone', userinfo),
  operation('GET', '/oauth2/logout', 'anyone', oauthLogout),
  operation('POST', '/oauth2/logout', 'anyone', oauthLogout),
  ...hostedBackend,

  operation('POST', '/api/login', 'anyone', login),
  operation('GET', '/api/jwt/validate', 'anyone', validate),
  operation('GET', '/api/jwt/refresh/:tokenId?', 'api-key', retrieveRefreshToken),
  operation('POST', '/api/jwt/refresh', 'anyone', refreshJwt),
  operation('DELETE', '/api/jwt/refresh/:tokenId?', 'anyone', revokeRefreshToken),
  operation('POST', '/api/logout', 'anyone', logout),
  // Answers the same to everybody, so it does not prove that a key works.
  operation('GET', '/api/status', 'anyone', () => ok({ status: 'ok' })),
  operation('GET', '/api/system/version', 'api-key', () => ok({ version: '1.69.0' })),
  operation('GET', '/api/health', 'anyone', () => empty(200)),

  ...userOperations,
  ...familyOperations,
  ...registrationOperations,
  ...actionLogOperations,
  ...userActionOperations,
  ...entityOperations,
  ...entityGrantOperations,
  ...entityTypeOperations,
  ...permissionOperations,
  ...applicationOperations,
  ...roleOperations,
  ...scopeOperations,
  ...groupOperations,
  ...groupMemberOperations,
  ...apiKeyOperations,
  ...tenantOperations,
  ...keyOperations,
  ...lambdaOperations,
  ...webhookOperations,
  ...loginRecordOperations,
  ...eventLogOperations,
  ...storedOperations,
];
