import { z } from 'zod';
import { invalidField, ok } from '../answer.js';
import { requireRecord, requireUnique } from '../records.js';
import type { UserActionRecord } from '../state/state.js';
import type { UserActionBody } from '../wire.js';
import { type Operation } from './operation.js';
import { type Change, resourceOperations } from './resource.js';
import { transactionType } from './tenant.js';

const fields = z.looseObject({
  name: z.string().min(1),
  temporal: z.boolean().default(false),
  preventLogin: z.boolean().default(false),
  sendEndEvent: z.boolean().optional(),
  transactionType: transactionType.optional(),
});

function save(
  { instance, existing, stamps }: Change<UserActionRecord>,
  wanted: z.output<typeof fields>,
): UserActionRecord {
  const { userActions } = instance.state;
  const userAction = { ...wanted, active: existing?.active ?? true, ...stamps };
  requireUnique(userActions.values(), userAction, 'name', 'userAction.name');
  if (wanted.preventLogin && !wanted.temporal) {
    const message = 'An action that prevents logging in must be temporal.';
    throw invalidField('userAction.temporal', 'invalid', message);
  }
  userActions.set(userAction.id, userAction);
  return userAction;
}

/**
 * `/api/user-action[/{userActionId}]`, with `?inactive=true` the deactivated ones. A deletion without `?hardDelete=true`
 * deactivates.
 */
const operations = resourceOperations({
  path: '/api/user-action',
  one: 'userAction',
  access: 'global-api-key',
  fields,
  all: (_request, { state }) => [...state.userActions.values()],
  listed: ({ query }, actions) =>
    actions.filter(({ active }) => (active === false) === (query.get('inactive') === 'true')),
  save,
  remove: ({ request, instance: { state } }, action) => {
    if (request.query.get('hardDelete') === 'true') state.userActions.delete(action.id);
    else state.userActions.set(action.id, { ...action, active: false });
  },
});

/** `PUT` with `?reactivate=true` only reactivates. */
const reactivating =
  (update: Operation['handle']): Operation['handle'] =>
  (request, instance) => {
    if (request.query.get('reactivate') !== 'true') return update(request, instance);
    const { userActions } = instance.state;
    const existing = requireRecord(request, 'userActionId', userActions);
    const userAction = { ...existing, active: true, lastUpdateInstant: instance.now() };
    userActions.set(userAction.id, userAction);
    return ok({ userAction } satisfies UserActionBody);
  };

export const userActionOperations = operations.map((one) =>
  one.method === 'PUT' ? { ...one, handle: reactivating(one.handle) } : one,
);
