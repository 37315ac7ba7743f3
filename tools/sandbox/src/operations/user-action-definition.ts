import { z } from 'zod';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { idParam, readBody, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId, requireRecord, requireUnique } from '../records.js';
import type { UserActionRecord } from '../state/state.js';
import type { UserActionBody } from '../wire.js';
import { operationsOn } from './operation.js';
import { transactionType } from './tenant.js';

const definition = z.looseObject({
  userAction: z.looseObject({
    name: z.string().min(1),
    temporal: z.boolean().default(false),
    preventLogin: z.boolean().default(false),
    sendEndEvent: z.boolean().optional(),
    transactionType: transactionType.optional(),
  }),
});

/** `POST /api/user-action[/{userActionId}]`: defines an action. */
function createUserAction(request: ApiRequest, instance: Instance): Answer {
  const id = newId(request, 'userActionId', instance.state.userActions);
  const { userAction } = readBody(request, definition);
  return store(instance, { ...userAction, id, active: true, insertInstant: instance.now() });
}

/** `GET /api/user-action/{userActionId}`; without an id all that are active, or with `?inactive=true` the others. */
function retrieveUserAction(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'userActionId') !== undefined)
    return ok({ userAction: existingUserAction(request, instance) } satisfies UserActionBody);
  const inactive = request.query.get('inactive') === 'true';
  const all = [...instance.state.userActions.values()];
  const userActions = all.filter(({ active }) => (active === false) === inactive);
  return ok({ userActions } satisfies UserActionBody);
}

/** `PUT /api/user-action/{userActionId}`; with `?reactivate=true` it only reactivates. */
function updateUserAction(request: ApiRequest, instance: Instance): Answer {
  const existing = existingUserAction(request, instance);
  if (request.query.get('reactivate') === 'true') return store(instance, { ...existing, active: true });
  return replace(instance, existing, readBody(request, definition).userAction);
}

/** `PATCH /api/user-action/{userActionId}`. */
function patchUserAction(request: ApiRequest, instance: Instance): Answer {
  const existing = existingUserAction(request, instance);
  return replace(instance, existing, readPatch(request, definition, 'userAction', existing).userAction);
}

/** `DELETE /api/user-action/{userActionId}?hardDelete=true`; without it the action is deactivated. */
function deleteUserAction(request: ApiRequest, instance: Instance): Answer {
  const action = existingUserAction(request, instance);
  const { userActions } = instance.state;
  if (request.query.get('hardDelete') === 'true') userActions.delete(action.id);
  else userActions.set(action.id, { ...action, active: false });
  return empty(200);
}

function replace(
  instance: Instance,
  { id, active, insertInstant }: UserActionRecord,
  wanted: z.output<typeof definition>['userAction'],
): Answer {
  return store(instance, { ...wanted, id, active, insertInstant });
}

function store(instance: Instance, wanted: UserActionRecord): Answer {
  const { userActions } = instance.state;
  requireUnique(userActions.values(), wanted, 'name', 'userAction.name');
  if (wanted.preventLogin && !wanted.temporal) {
    throw invalidField(
      'userAction.temporal',
      'invalid',
      'An action that prevents logging in must be temporal.',
    );
  }

  const userAction = { ...wanted, lastUpdateInstant: instance.now() };
  userActions.set(userAction.id, userAction);
  return ok({ userAction } satisfies UserActionBody);
}

const existingUserAction = (request: ApiRequest, { state }: Instance): UserActionRecord =>
  requireRecord(request, 'userActionId', state.userActions);

export const userActionOperations = operationsOn('/api/user-action', 'userActionId', 'global-api-key', {
  create: createUserAction,
  retrieve: retrieveUserAction,
  update: updateUserAction,
  patch: patchUserAction,
  remove: deleteUserAction,
});
