import { visible } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound } from '../answer.js';
import { idParam } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { leaveGroup } from '../users/memberships.js';
import { announce } from '../webhooks/announce.js';
import { userDeleted } from '../webhooks/happenings.js';
import { removeUser } from './user.js';

/**
 * `DELETE /api/tenant/{id}`: with everything that belongs to the tenant; each of its users has an event. The default
 * tenant cannot be deleted.
 */
export async function deleteTenant(request: ApiRequest, instance: Instance): Promise<Answer> {
  const { state } = instance;
  const id = idParam(request, 'id') ?? '';
  if (!state.tenants.has(id)) throw notFound();
  visible(request, instance, { tenantId: id });
  if (id === state.defaultTenantId)
    throw invalidField('tenantId', 'default', 'The default tenant cannot be deleted.');
  const users = [...state.users.values()].filter(({ tenantId }) => tenantId === id);
  await announce(instance, users.map(userDeleted), () => removeTenant(instance, id), request);
  return empty(200);
}

function removeTenant(instance: Instance, id: string): void {
  const { tenants, applications, users, groups, entities, entityGrants, apiKeys, refreshTokens } =
    instance.state;
  for (const { id: userId, tenantId } of users.values()) if (tenantId === id) removeUser(userId, instance);
  for (const records of [applications, groups, entities, apiKeys, refreshTokens])
    for (const [key, { tenantId }] of records) if (tenantId === id) records.delete(key);
  for (const [key, { targetId }] of entityGrants) if (!entities.has(targetId)) entityGrants.delete(key);
  tenants.delete(id);
}

/**
 * `DELETE /api/application/{applicationId}?hardDelete=true`: with its registrations and sessions. Without it the
 * application is deactivated.
 */
export function deleteApplication(request: ApiRequest, instance: Instance): Answer {
  const { applications, users, refreshTokens } = instance.state;
  const application = visible(request, instance, applications.get(idParam(request, 'applicationId') ?? ''));
  const { id } = application;
  if (request.query.get('hardDelete') !== 'true') {
    applications.set(id, { ...application, active: false, state: 'Inactive' });
    return empty(200);
  }
  for (const { user } of users.values())
    user.registrations = user.registrations.filter(({ applicationId }) => applicationId !== id);
  for (const [key, { applicationId }] of refreshTokens) if (applicationId === id) refreshTokens.delete(key);
  applications.delete(id);
  return empty(200);
}

/** `DELETE /api/group/{groupId}`: with its memberships. */
export function deleteGroup(request: ApiRequest, instance: Instance): Answer {
  const { groups } = instance.state;
  const { id } = visible(request, instance, groups.get(idParam(request, 'groupId') ?? ''));
  groups.delete(id);
  leaveGroup(instance.state, id);
  return empty(200);
}

/** `DELETE /api/user-action/{userActionId}?hardDelete=true`; without it the action is deactivated. */
export function deleteUserAction(request: ApiRequest, { state }: Instance): Answer {
  const id = idParam(request, 'userActionId') ?? '';
  const action = state.userActions.get(id);
  if (!action) throw notFound();
  if (request.query.get('hardDelete') === 'true') state.userActions.delete(id);
  else state.userActions.set(id, { ...action, active: false });
  return empty(200);
}
