import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { UserActionRecord } from '../state/state.js';
import type { UserActionBody } from '../wire.js';
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

const patchRequest = z.looseObject({ userAction: z.looseObject({}) });

/** `POST /api/user-action[/{userActionId}]`: defines a kind of measure. */
export function createUserAction(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'userActionId') ?? randomUUID();
  if (instance.state.userActions.has(id))
    throw invalidField('userActionId', 'duplicate', 'This user action exists.');
  const { userAction } = readBody(request, definition);
  return store(instance, { ...userAction, id, active: true, insertInstant: instance.now() });
}

/** `GET /api/user-action/{userActionId}`; without an id all that are active, or with `?inactive=true` the others. */
export function retrieveUserAction(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'userActionId') !== undefined)
    return ok({ userAction: existingUserAction(request, instance) } satisfies UserActionBody);
  const inactive = request.query.get('inactive') === 'true';
  const all = [...instance.state.userActions.values()];
  const userActions = all.filter(({ active }) => (active === false) === inactive);
  return ok({ userActions } satisfies UserActionBody);
}

/** `PUT /api/user-action/{userActionId}`; with `?reactivate=true` it only reactivates. */
export function updateUserAction(request: ApiRequest, instance: Instance): Answer {
  const existing = existingUserAction(request, instance);
  if (request.query.get('reactivate') === 'true') return store(instance, { ...existing, active: true });
  return replace(instance, existing, readBody(request, definition).userAction);
}

/** `PATCH /api/user-action/{userActionId}`. */
export function patchUserAction(request: ApiRequest, instance: Instance): Answer {
  const existing = existingUserAction(request, instance);
  const userAction = patched(existing, readBody(request, patchRequest).userAction, request);
  return replace(instance, existing, check(definition, { userAction }).userAction);
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
  if ([...userActions.values()].some(({ id, name }) => name === wanted.name && id !== wanted.id))
    throw invalidField('userAction.name', 'duplicate', 'A user action of this name exists.');

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

function existingUserAction(request: ApiRequest, { state }: Instance): UserActionRecord {
  const userAction = state.userActions.get(idParam(request, 'userActionId') ?? '');
  if (!userAction) throw notFound();
  return userAction;
}
