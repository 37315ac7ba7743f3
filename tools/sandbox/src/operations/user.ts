import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { UserRecord } from '../state/state.js';
import { revokeSessions } from '../tokens/sessions.js';
import { addUser, findUser, replaceUser, userFields } from '../users/users.js';
import type { UserBody } from '../wire.js';
import type { Call, World } from '../world.js';

const request = z.looseObject({ user: userFields });
const patchRequest = z.looseObject({ user: z.looseObject({}) });

/** `POST /api/user[/{userId}]`. */
export async function createUser(call: Call, world: World): Promise<Answer> {
  const id = idParam(call, 'userId');
  if (id !== undefined && world.state.users.has(id))
    throw invalidField('userId', 'duplicate', 'This user exists.');
  return answer(await addUser(world, requireTenant(call, world), id, readBody(call, request).user));
}

/** `GET /api/user/{userId}` or `GET /api/user?userId=|loginId=|email=|username=`. */
export function retrieveUser(call: Call, world: World): Answer {
  const byId = idParam(call, 'userId') ?? call.query.get('userId')?.toLowerCase();
  if (byId !== undefined) return answer(visible(call, world, world.state.users.get(byId)));
  const { query } = call;
  const loginId = query.get('loginId') ?? query.get('email') ?? query.get('username');
  if (loginId === null)
    throw invalidField('loginId', 'blank', 'Name the user by id, loginId, email or username.');
  const identity = query.has('email') ? 'email' : 'username';
  const identities = query.has('loginId') ? undefined : ([identity] as const);
  const tenantId = namedTenant(call, world) ?? requireTenant(call, world);
  return answer(visible(call, world, findUser(world.state, loginId, tenantId, identities)));
}

/** `PUT /api/user/{userId}`: replaces; with `?reactivate=true` and no body it only lifts a deactivation. */
export async function updateUser(call: Call, world: World): Promise<Answer> {
  const existing = existingUser(call, world);
  if (call.query.get('reactivate') === 'true') {
    existing.user.active = true;
    return answer(existing);
  }
  const { user } = readBody(call, request);
  return answer(await replaceUser(world, user, existing));
}

/** `PATCH /api/user/{userId}`. */
export async function patchUser(call: Call, world: World): Promise<Answer> {
  const existing = existingUser(call, world);
  const user = patched(existing.user, readBody(call, patchRequest).user, call);
  return answer(await replaceUser(world, check(request, { user }).user, existing));
}

/** `DELETE /api/user/{userId}`: deactivates; `?hardDelete=true` removes the user with all sessions. */
export function deleteUser(call: Call, world: World): Answer {
  const existing = existingUser(call, world);
  if (call.query.get('hardDelete') === 'true') {
    const { users, userActionLogs, entityGrants } = world.state;
    users.delete(existing.id);
    revokeSessions(world, ({ userId }) => userId === existing.id);
    for (const log of userActionLogs.values())
      if (log.actioneeUserId === existing.id) userActionLogs.delete(log.id);
    for (const grant of entityGrants.values())
      if (grant.userId === existing.id) entityGrants.delete(grant.id);
  } else {
    existing.user.active = false;
  }
  return empty(200);
}

function existingUser(call: Call, world: World): UserRecord {
  const id = idParam(call, 'userId');
  if (id === undefined) throw notFound();
  return visible(call, world, world.state.users.get(id));
}

const answer = ({ user }: UserRecord): Answer => ok({ user } satisfies UserBody);
