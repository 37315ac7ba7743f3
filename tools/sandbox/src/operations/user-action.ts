import { z } from 'zod';
import { requireVisible } from '../access/tenant.js';
import { type Answer, invalidField, ok } from '../answer.js';
import { readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { requireRecord } from '../records.js';
import type { UserActionLogRecord } from '../state/state.js';
import { changeAction, isActive, preventingActions, takeAction } from '../users/user-actions.js';
import type { UserActionLogBody } from '../wire.js';
import { operation, operationsOn } from './operation.js';

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
const modifying = z.looseObject({
  action: z.looseObject({ actionerUserId: id, expiry: z.int(), comment: z.string().optional() }),
});
const cancelling = z.looseObject({ action: z.looseObject({ actionerUserId: id }) });

/** `POST /api/user/action`: takes an action on a user. */
async function actionUser(request: ApiRequest, instance: Instance): Promise<Answer> {
  const { action } = readBody(request, taking);
  const { users, userActions, applications } = instance.state;
  requireVisible(request, instance, users.get(action.actioneeUserId));
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
  return answer(await takeAction(instance, userAction, details, request));
}

/** `GET /api/user/action?userId=`; `&preventingLogin=true` and `&active=` restrict the answer. */
function retrieveUserActions(request: ApiRequest, instance: Instance): Answer {
  const userId = request.query.get('userId')?.toLowerCase() ?? '';
  if (userId === '') throw invalidField('userId', 'blank', 'Name the user by userId.');
  requireVisible(request, instance, instance.state.users.get(userId));
  const active = request.query.get('active');
  const all = [...instance.state.userActionLogs.values()].filter((log) => log.actioneeUserId === userId);
  const actions =
    request.query.get('preventingLogin') === 'true'
      ? preventingActions(instance, userId)
      : all.filter((log) => active === null || isActive(log, instance.now()) === (active === 'true'));
  return ok({ actions } satisfies UserActionLogBody);
}

/** `GET /api/user/action/{actionId}`. */
const retrieveActionLog = (request: ApiRequest, instance: Instance): Answer =>
  answer(existingLog(request, instance));

/** `PUT /api/user/action/{actionId}`: changes the expiry of an active action, and optionally its comment. */
async function modifyAction(request: ApiRequest, instance: Instance): Promise<Answer> {
  const log = existingLog(request, instance);
  const { actionerUserId, expiry, comment = log.comment } = readBody(request, modifying).action;
  requireActive(log, instance);
  const modified = { ...log, actionerUserId, expiry, comment };
  return answer(await changeAction(instance, 'modify', modified, request));
}

/** `DELETE /api/user/action/{actionId}`: cancels the action immediately. */
async function cancelAction(request: ApiRequest, instance: Instance): Promise<Answer> {
  const log = existingLog(request, instance);
  const { actionerUserId } = readBody(request, cancelling).action;
  requireActive(log, instance);
  // A cancelled action sends no end event later.
  const endEventSent = instance.state.userActions.get(log.userActionId)?.sendEndEvent ? true : undefined;
  const cancelled = { ...log, actionerUserId, expiry: instance.now(), endEventSent };
  return answer(await changeAction(instance, 'cancel', cancelled, request));
}

function requireActive(log: UserActionLogRecord, instance: Instance): void {
  if (!isActive(log, instance.now()))
    throw invalidField('actionId', 'invalid', 'Only an active action can be changed or cancelled.');
}

function existingLog(request: ApiRequest, instance: Instance): UserActionLogRecord {
  const log = requireRecord(request, 'actionId', instance.state.userActionLogs);
  requireVisible(request, instance, instance.state.users.get(log.actioneeUserId));
  return log;
}

const answer = (action: UserActionLogRecord): Answer => ok({ action } satisfies UserActionLogBody);

export const actionLogOperations = [
  operation('POST', '/api/user/action', 'api-key', actionUser),
  operation('GET', '/api/user/action', 'api-key', retrieveUserActions),
  ...operationsOn('/api/user/action', 'actionId', 'api-key', {
    retrieveOne: retrieveActionLog,
    update: modifyAction,
    remove: cancelAction,
  }),
];
