import { z } from 'zod';
import { namedTenant, requireTenant, requireVisible } from '../access/tenant.js';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { idParam, readBody, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { requireRecord } from '../records.js';
import type { UserRecord } from '../state/state.js';
import { revokeSessions } from '../tokens/sessions.js';
import {
  addUser,
  findUser,
  type Identity,
  replaceUser,
  setPasswordMail,
  userFields,
} from '../users/users.js';
import { announce } from '../webhooks/announce.js';
import { userDeactivated, userDeleted } from '../webhooks/events.js';
import type { UserBody } from '../wire.js';
import { leaveFamilies } from './family.js';
import { operation, operationsOn } from './operation.js';
import { importUsers } from './user-import.js';
import { searchUsers } from './user-search.js';

const requestBody = z.looseObject({ user: userFields });
const creation = requestBody.extend(setPasswordMail);

/** `POST /api/user[/{userId}]`. */
async function createUser(request: ApiRequest, instance: Instance): Promise<Answer> {
  const id = idParam(request, 'userId');
  if (id !== undefined && instance.state.users.has(id))
    throw invalidField('userId', 'duplicate', 'This user exists.');
  const { user: fields, sendSetPasswordEmail } = readBody(request, creation);
  const tenantId = requireTenant(request, instance);
  return answer(await addUser(instance, { tenantId, id, fields, sendSetPasswordEmail }));
}

/** `GET /api/user/{userId}` or `GET /api/user?userId=|loginId=|email=|username=`. */
function retrieveUser(request: ApiRequest, instance: Instance): Answer {
  const byId = idParam(request, 'userId') ?? request.query.get('userId')?.toLowerCase();
  if (byId !== undefined) return answer(requireVisible(request, instance, instance.state.users.get(byId)));
  const { query } = request;
  const loginId = query.get('loginId') ?? query.get('email') ?? query.get('username');
  if (loginId === null)
    throw invalidField('loginId', 'blank', 'Name the user by id, loginId, email or username.');
  const identities = identitiesIn(query);
  const tenantId = namedTenant(request, instance) ?? requireTenant(request, instance);
  return answer(requireVisible(request, instance, findUser(instance.state, loginId, tenantId, identities)));
}

/** Returns the kinds of log-in id to search by: with `loginId` any kind unless `loginIdTypes` lists some. */
function identitiesIn(query: URLSearchParams): readonly Identity[] | undefined {
  if (!query.has('loginId')) return query.has('email') ? ['email'] : ['username'];
  const types = query.getAll('loginIdTypes');
  if (types.length === 0) return undefined;
  return types.filter((type): type is Identity => type === 'email' || type === 'username');
}

/** `PUT /api/user/{userId}`; with `?reactivate=true` and no body it only reactivates. */
async function updateUser(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingUser(request, instance);
  if (request.query.get('reactivate') === 'true') {
    existing.user.active = true;
    return answer(existing);
  }
  const { user } = readBody(request, requestBody);
  return answer(await replaceUser(instance, user, existing, request));
}

/** `PATCH /api/user/{userId}`. */
async function patchUser(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingUser(request, instance);
  const { user } = readPatch(request, requestBody, 'user', existing.user);
  return answer(await replaceUser(instance, user, existing, request));
}

/** `DELETE /api/user/{userId}`: deactivates; `?hardDelete=true` removes the user with all sessions. */
async function deleteUser(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingUser(request, instance);
  if (request.query.get('hardDelete') === 'true')
    await announce(instance, [userDeleted(existing)], () => removeUser(existing.id, instance), request);
  else
    await announce(instance, [userDeactivated(existing)], () => deactivate(existing.id, instance), request);
  return empty(200);
}

function deactivate(userId: string, { state }: Instance): void {
  const record = state.users.get(userId);
  if (record) record.user.active = false;
}

/** Deletes a user, and with them their sessions, family memberships, actions and grants. */
export function removeUser(userId: string, instance: Instance): void {
  const { users, userActionLogs, entityGrants } = instance.state;
  users.delete(userId);
  revokeSessions(instance, (session) => session.userId === userId);
  leaveFamilies(instance, userId);
  for (const log of userActionLogs.values()) if (log.actioneeUserId === userId) userActionLogs.delete(log.id);
  for (const grant of entityGrants.values()) if (grant.userId === userId) entityGrants.delete(grant.id);
}

const existingUser = (request: ApiRequest, instance: Instance): UserRecord =>
  requireVisible(request, instance, requireRecord(request, 'userId', instance.state.users));

const answer = ({ user }: UserRecord): Answer => ok({ user } satisfies UserBody);

export const userOperations = [
  ...operationsOn('/api/user', 'userId', 'api-key', {
    create: createUser,
    retrieve: retrieveUser,
    search: searchUsers,
    update: updateUser,
    patch: patchUser,
    remove: deleteUser,
  }),
  operation('POST', '/api/user/import', 'api-key', importUsers),
];
