import { empty, ok } from '../answer.js';
import { hostedBackend } from '../hosted-backend/operations.js';
import { keptOperations } from '../kept/operations.js';
import { createApiKey, deleteApiKey, patchApiKey, retrieveApiKey, updateApiKey } from './api-key.js';
import {
  createApplication,
  patchApplication,
  retrieveApplication,
  retrieveOAuthConfiguration,
  searchApplications,
  updateApplication,
} from './application.js';
import { showLogIn, submitLogIn } from './authorize.js';
import { approveDevice, authorizeDevice, describeUserCode, validateUserCode } from './device.js';
import { showDeviceComplete, showDevicePage, submitDevicePage } from './device-page.js';
import { discovery } from './discovery.js';
import { entityOperations } from './entity-operations.js';
import { createFamily, removeFromFamily, retrieveFamily, updateFamily } from './family.js';
import { createGroup, patchGroup, retrieveGroup, searchGroups, updateGroup } from './group.js';
import { addMembers, removeMembers, replaceMembers, searchMembers } from './group-member.js';
import { introspect } from './introspect.js';
import { jwks, publicKey } from './jwks.js';
import { refreshJwt, validate } from './jwt.js';
import { createKey, deleteKey, retrieveKey, searchKeys, updateKey } from './key.js';
import {
  createLambda,
  deleteLambda,
  patchLambda,
  retrieveLambda,
  searchLambdas,
  updateLambda,
} from './lambda.js';
import { login } from './login.js';
import { searchLoginRecords } from './login-record.js';
import { logout, oauthLogout } from './logout.js';
import { type Operation, operation } from './operation.js';
import { retrieveRefreshToken, revokeRefreshToken } from './refresh-token.js';
import {
  deleteRegistration,
  patchRegistration,
  register,
  retrieveRegistration,
  updateRegistration,
} from './registration.js';
import { deleteApplication, deleteGroup, deleteTenant, deleteUserAction } from './removal.js';
import { createRole, deleteRole, patchRole, updateRole } from './role.js';
import { createScope, deleteScope, patchScope, retrieveScope, updateScope } from './scope.js';
import { showRegistration, submitRegistration } from './self-registration.js';
import { createTenant, patchTenant, retrieveTenant, searchTenants, updateTenant } from './tenant.js';
import { token } from './token.js';
import { createUser, deleteUser, patchUser, retrieveUser, updateUser } from './user.js';
import {
  actionUser,
  cancelAction,
  modifyAction,
  retrieveActionLog,
  retrieveUserActions,
} from './user-action.js';
import {
  createUserAction,
  patchUserAction,
  retrieveUserAction,
  updateUserAction,
} from './user-action-definition.js';
import { importUsers } from './user-import.js';
import { searchUsers } from './user-search.js';
import { userinfo } from './userinfo.js';
import {
  createWebhook,
  deleteWebhook,
  patchWebhook,
  retrieveWebhook,
  searchWebhooks,
  updateWebhook,
} from './webhook.js';
import { retrieveAttemptLog, retrieveEventLog, searchEventLogs } from './webhook-event-log.js';

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

  operation('POST', '/api/user/:userId?', 'api-key', createUser),
  operation('GET', '/api/user/:userId?', 'api-key', retrieveUser),
  operation('PUT', '/api/user/:userId', 'api-key', updateUser),
  operation('PATCH', '/api/user/:userId', 'api-key', patchUser),
  operation('DELETE', '/api/user/:userId', 'api-key', deleteUser),
  operation('GET', '/api/user/search', 'api-key', searchUsers),
  operation('POST', '/api/user/search', 'api-key', searchUsers),
  operation('POST', '/api/user/import', 'api-key', importUsers),
  operation('POST', '/api/user/family/:familyId?', 'api-key', createFamily),
  operation('GET', '/api/user/family/:familyId?', 'api-key', retrieveFamily),
  operation('PUT', '/api/user/family/:familyId', 'api-key', updateFamily),
  operation('DELETE', '/api/user/family/:familyId/:userId', 'api-key', removeFromFamily),
  operation('POST', '/api/user/registration/:userId?', 'api-key', register),
  operation('GET', '/api/user/registration/:userId/:applicationId', 'api-key', retrieveRegistration),
  operation('PUT', '/api/user/registration/:userId', 'api-key', updateRegistration),
  operation('PATCH', '/api/user/registration/:userId', 'api-key', patchRegistration),
  operation('DELETE', '/api/user/registration/:userId/:applicationId', 'api-key', deleteRegistration),

  operation('POST', '/api/user/action', 'api-key', actionUser),
  operation('GET', '/api/user/action', 'api-key', retrieveUserActions),
  operation('GET', '/api/user/action/:actionId', 'api-key', retrieveActionLog),
  operation('PUT', '/api/user/action/:actionId', 'api-key', modifyAction),
  operation('DELETE', '/api/user/action/:actionId', 'api-key', cancelAction),
  operation('POST', '/api/user-action/:userActionId?', 'global-api-key', createUserAction),
  operation('GET', '/api/user-action/:userActionId?', 'global-api-key', retrieveUserAction),
  operation('PUT', '/api/user-action/:userActionId', 'global-api-key', updateUserAction),
  operation('PATCH', '/api/user-action/:userActionId', 'global-api-key', patchUserAction),
  operation('DELETE', '/api/user-action/:userActionId', 'global-api-key', deleteUserAction),

  ...entityOperations,
  operation('POST', '/api/application/:applicationId?', 'api-key', createApplication),
  operation('GET', '/api/application/:applicationId?', 'api-key', retrieveApplication),
  operation('POST', '/api/application/search', 'api-key', searchApplications),
  operation('GET', '/api/application/search', 'api-key', searchApplications),
  operation(
    'GET',
    '/api/application/:applicationId/oauth-configuration',
    'api-key',
    retrieveOAuthConfiguration,
  ),
  operation('PUT', '/api/application/:applicationId', 'api-key', updateApplication),
  operation('PATCH', '/api/application/:applicationId', 'api-key', patchApplication),
  operation('DELETE', '/api/application/:applicationId', 'api-key', deleteApplication),
  operation('POST', '/api/application/:applicationId/role/:roleId?', 'api-key', createRole),
  operation('PUT', '/api/application/:applicationId/role/:roleId', 'api-key', updateRole),
  operation('PATCH', '/api/application/:applicationId/role/:roleId', 'api-key', patchRole),
  operation('DELETE', '/api/application/:applicationId/role/:roleId', 'api-key', deleteRole),
  operation('POST', '/api/application/:applicationId/scope/:scopeId?', 'api-key', createScope),
  operation('GET', '/api/application/:applicationId/scope/:scopeId', 'api-key', retrieveScope),
  operation('PUT', '/api/application/:applicationId/scope/:scopeId', 'api-key', updateScope),
  operation('PATCH', '/api/application/:applicationId/scope/:scopeId', 'api-key', patchScope),
  operation('DELETE', '/api/application/:applicationId/scope/:scopeId', 'api-key', deleteScope),
  operation('POST', '/api/group/:groupId?', 'api-key', createGroup),
  operation('GET', '/api/group/:groupId?', 'api-key', retrieveGroup),
  operation('POST', '/api/group/search', 'api-key', searchGroups),
  operation('GET', '/api/group/search', 'api-key', searchGroups),
  operation('PUT', '/api/group/:groupId', 'api-key', updateGroup),
  operation('PATCH', '/api/group/:groupId', 'api-key', patchGroup),
  operation('DELETE', '/api/group/:groupId', 'api-key', deleteGroup),
  operation('POST', '/api/group/member', 'api-key', addMembers),
  operation('PUT', '/api/group/member', 'api-key', replaceMembers),
  operation('DELETE', '/api/group/member/:memberId?', 'api-key', removeMembers),
  operation('POST', '/api/group/member/search', 'api-key', searchMembers),
  operation('GET', '/api/group/member/search', 'api-key', searchMembers),
  operation('POST', '/api/api-key/:keyId?', 'api-key', createApiKey),
  operation('GET', '/api/api-key/:keyId', 'api-key', retrieveApiKey),
  operation('PUT', '/api/api-key/:keyId', 'api-key', updateApiKey),
  operation('PATCH', '/api/api-key/:keyId', 'api-key', patchApiKey),
  operation('DELETE', '/api/api-key/:keyId', 'api-key', deleteApiKey),

  operation('POST', '/api/tenant/:id?', 'api-key', createTenant),
  operation('GET', '/api/tenant/:id?', 'api-key', retrieveTenant),
  operation('POST', '/api/tenant/search', 'global-api-key', searchTenants),
  operation('GET', '/api/tenant/search', 'global-api-key', searchTenants),
  operation('PUT', '/api/tenant/:id', 'api-key', updateTenant),
  operation('PATCH', '/api/tenant/:id', 'api-key', patchTenant),
  operation('DELETE', '/api/tenant/:id', 'api-key', deleteTenant),
  operation('POST', '/api/key/generate/:keyId?', 'global-api-key', createKey),
  operation('GET', '/api/key/:keyId?', 'global-api-key', retrieveKey),
  operation('POST', '/api/key/search', 'global-api-key', searchKeys),
  operation('GET', '/api/key/search', 'global-api-key', searchKeys),
  operation('PUT', '/api/key/:keyId', 'global-api-key', updateKey),
  operation('DELETE', '/api/key/:keyId', 'global-api-key', deleteKey),
  operation('POST', '/api/lambda/:lambdaId?', 'global-api-key', createLambda),
  operation('GET', '/api/lambda/:lambdaId?', 'global-api-key', retrieveLambda),
  operation('POST', '/api/lambda/search', 'global-api-key', searchLambdas),
  operation('GET', '/api/lambda/search', 'global-api-key', searchLambdas),
  operation('PUT', '/api/lambda/:lambdaId', 'global-api-key', updateLambda),
  operation('PATCH', '/api/lambda/:lambdaId', 'global-api-key', patchLambda),
  operation('DELETE', '/api/lambda/:lambdaId', 'global-api-key', deleteLambda),

  operation('POST', '/api/webhook/:webhookId?', 'global-api-key', createWebhook),
  operation('GET', '/api/webhook/:webhookId?', 'global-api-key', retrieveWebhook),
  operation('POST', '/api/webhook/search', 'global-api-key', searchWebhooks),
  operation('GET', '/api/webhook/search', 'global-api-key', searchWebhooks),
  operation('PUT', '/api/webhook/:webhookId', 'global-api-key', updateWebhook),
  operation('PATCH', '/api/webhook/:webhookId', 'global-api-key', patchWebhook),
  operation('DELETE', '/api/webhook/:webhookId', 'global-api-key', deleteWebhook),
  operation('POST', '/api/system/login-record/search', 'api-key', searchLoginRecords),
  operation('GET', '/api/system/login-record/search', 'api-key', searchLoginRecords),
  operation('POST', '/api/system/webhook-event-log/search', 'api-key', searchEventLogs),
  operation('GET', '/api/system/webhook-event-log/search', 'api-key', searchEventLogs),
  operation('GET', '/api/system/webhook-event-log/:webhookEventLogId', 'api-key', retrieveEventLog),
  operation('GET', '/api/system/webhook-attempt-log/:webhookAttemptLogId', 'api-key', retrieveAttemptLog),

  ...keptOperations,
];
