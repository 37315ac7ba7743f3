import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { visible } from '../access/tenant.js';
import { type Answer, invalidField, notFound, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import type { UserActionLogRecord } from '../state/state.js';
import { isInForce, preventingActions, takeAction } from '../users/user-actions.js';
import type { UserActionBody, UserActionLogBody } from '../wire.js';
import type { Call, World } from '../world.js';

const definition = z.looseObject({
  userAction: z.looseObject({
    name: z.string().min(1),
    temporal: z.boolean().default(false),
    preventLogin: z.boolean().default(false),
  }),
});

const id = z.guid().toLowerCase();
const taking = z.looseObject({
  action: z.looseObject({
    actioneeUserId: id,
    actionerUserId: id,
    userActionId: id,
    applicationIds: z.array(id).default([]),
    comment: z.string().optional(),
    expiry: z.int().optional(),
  }),
});
const cancelling = z.looseObject({ action: z.looseObject({ actionerUserId: id }) });

/** `POST /api/user-action[/{userActionId}]`: defines a kind of measure. */
export function createUserAction(call: Call, world: World): Answer {
  const { userActions } = world.state;
  const userActionId = idParam(call, 'userActionId') ?? randomUUID();
  const { userAction: wanted } = readBody(call, definition);
  if (userActions.has(userActionId))
    throw invalidField('userActionId', 'duplicate', 'This user action exists.');
  if ([...userActions.values()].some(({ name }) => name === wanted.name))
    throw invalidField('userAction.name', 'duplicate', 'A user action of this name exists.');

  if (wanted.preventLogin && !wanted.temporal)
    throw invalidField('userAction.temporal', 'invalid', 'What prevents log-in must be temporal.');

  const now = world.now();
  const userAction = {
    ...wanted,
    id: userActionId,
    active: true,
    insertInstant: now,
    lastUpdateInstant: now,
  };
  userActions.set(userActionId, userAction);
  return ok({ userAction } satisfies UserActionBody);
}

/** `GET /api/user-action/{userActionId}`. */
export function retrieveUserAction(call: Call, world: World): Answer {
  const userAction = world.state.userActions.get(idParam(call, 'userActionId') ?? '');
  if (!userAction) throw notFound();
  return ok({ userAction } satisfies UserActionBody);
}

/** `POST /api/user/action`: takes a measure on a user. */
export function actionUser(call: Call, world: World): Answer {
  const { action } = readBody(call, taking);
  const { users, userActions, applications } = world.state;
  visible(call, world, users.get(action.actioneeUserId));
  if (!users.has(action.actionerUserId))
    throw invalidField('action.actionerUserId', 'invalid', 'There is no such user.');

  const userAction = userActions.get(action.userActionId);
  if (!userAction) throw invalidField('action.userActionId', 'invalid', 'There is no such user action.');
  if (action.applicationIds.some((applicationId) => !applications.has(applicationId)))
    throw invalidField('action.applicationIds', 'invalid', 'There is no such application.');

  if (userAction.temporal && action.expiry === undefined)
    throw invalidField('action.expiry', 'blank', 'A temporal action needs an expiry, in milliseconds.');

  const { actioneeUserId, actionerUserId, applicationIds, comment, expiry } = action;
  const details = { actioneeUserId, actionerUserId, applicationIds, comment, expiry };
  return answer(takeAction(world, userAction, details));
}

/** `GET /api/user/action?userId=`, with `&preventingLogin=true` or `&active=` only some of the user's. */
export function retrieveUserActions(call: Call, world: World): Answer {
  const userId = call.query.get('userId')?.toLowerCase() ?? '';
  if (userId === '') throw invalidField('userId', 'blank', 'Name the user by userId.');
  visible(call, world, world.state.users.get(userId));
  const active = call.query.get('active');
  const all = [...world.state.userActionLogs.values()].filter((log) => log.actioneeUserId === userId);
  const actions =
    call.query.get('preventingLogin') === 'true'
      ? preventingActions(world, userId)
      : all.filter((log) => active === null || isInForce(log, world.now()) === (active === 'true'));
  return ok({ actions } satisfies UserActionLogBody);
}

/** `GET /api/user/action/{actionId}`. */
export const retrieveActionLog = (call: Call, world: World): Answer => answer(existingLog(call, world));

/** `DELETE /api/user/action/{actionId}`: cancels the measure, which ends now. */
export function cancelAction(call: Call, world: World): Answer {
  const log = existingLog(call, world);
  const { actionerUserId } = readBody(call, cancelling).action;
  if (!isInForce(log, world.now()))
    throw invalidField('actionId', 'invalid', 'Only an action in force can be cancelled.');

  const cancelled = { ...log, actionerUserId, expiry: world.now() };
  world.state.userActionLogs.set(log.id, cancelled);
  return answer(cancelled);
}

function existingLog(call: Call, world: World): UserActionLogRecord {
  const log = world.state.userActionLogs.get(idParam(call, 'actionId') ?? '');
  if (!log) throw notFound();
  visible(call, world, world.state.users.get(log.actioneeUserId));
  return log;
}

const answer = (action: UserActionLogRecord): Answer => ok({ action } satisfies UserActionLogBody);
