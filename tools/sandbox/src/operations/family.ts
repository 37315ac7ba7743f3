import { z } from 'zod';
import { requireVisible } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId } from '../records.js';
import type { FamilyRecord, UserRecord } from '../state/state.js';
import type { FamilyBody } from '../wire.js';
import { operation, operationsOn } from './operation.js';

const requestBody = z.looseObject({
  familyMember: z.looseObject({
    userId: z.guid(),
    owner: z.boolean().default(false),
    role: z.enum(['Adult', 'Child', 'Teen']),
  }),
});
type Member = z.output<typeof requestBody>['familyMember'];

/** `POST /api/user/family[/{familyId}]`: creates a family with its first member. */
function createFamily(request: ApiRequest, instance: Instance): Answer {
  const id = newId(request, 'familyId', instance.state.families);
  const { user, member } = wantedMember(request, instance);
  const now = instance.now();
  return store(instance, { id, tenantId: user.tenantId, members: [], insertInstant: now }, member);
}

/** `GET /api/user/family/{familyId}` or `GET /api/user/family?userId=`, all families of a user. */
function retrieveFamily(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'familyId') !== undefined)
    return ok({ family: shown(existingFamily(request, instance)) } satisfies FamilyBody);
  const { users } = instance.state;
  const { id } = requireVisible(request, instance, users.get(request.query.get('userId') ?? ''));
  const families = familiesOf(instance, id);
  if (families.length === 0) throw notFound();
  return ok({ families: families.map(shown) } satisfies FamilyBody);
}

/** `PUT /api/user/family/{familyId}`: adds a member, or changes the role of one. */
function updateFamily(request: ApiRequest, instance: Instance): Answer {
  const family = existingFamily(request, instance);
  const { user, member } = wantedMember(request, instance);
  if (user.tenantId !== family.tenantId)
    throw invalidField('familyMember.userId', 'invalid', 'The user belongs to another tenant.');
  return store(instance, family, member);
}

/** `DELETE /api/user/family/{familyId}/{userId}`: removing the last member deletes the family. */
function removeFromFamily(request: ApiRequest, instance: Instance): Answer {
  const family = existingFamily(request, instance);
  const userId = idParam(request, 'userId');
  if (!family.members.some((member) => member.userId === userId)) throw notFound();
  leave(instance, family, userId ?? '');
  return empty(200);
}

/** Removes a deleted user from every family. */
export function leaveFamilies(instance: Instance, userId: string): void {
  for (const family of familiesOf(instance, userId)) leave(instance, family, userId);
}

function leave({ state }: Instance, family: FamilyRecord, userId: string): void {
  const members = family.members.filter((member) => member.userId !== userId);
  if (members.length === 0) state.families.delete(family.id);
  else state.families.set(family.id, { ...family, members });
}

function store(instance: Instance, family: FamilyRecord, wanted: Member): Answer {
  const { userId, role } = wanted;
  const elsewhere = familiesOf(instance, userId).filter(({ id }) => id !== family.id);
  if (role === 'Adult' && elsewhere.length > 0)
    throw invalidField('familyMember.userId', 'duplicate', 'An adult belongs to one family only.');
  const now = instance.now();
  const before = family.members.find((member) => member.userId === userId);
  const member = {
    ...wanted,
    // Only adults own a family; FusionAuth ignores the field for others.
    owner: role === 'Adult' && wanted.owner,
    insertInstant: before?.insertInstant ?? now,
    lastUpdateInstant: now,
  };
  const others = family.members.filter((other) => other.userId !== userId);
  const changed = { ...family, members: [...others, member], lastUpdateInstant: now };
  instance.state.families.set(family.id, changed);
  return ok({ family: shown(changed) } satisfies FamilyBody);
}

function wantedMember(request: ApiRequest, instance: Instance): { user: UserRecord; member: Member } {
  const { familyMember: member } = readBody(request, requestBody);
  const user = instance.state.users.get(member.userId);
  if (!user) throw invalidField('familyMember.userId', 'invalid', 'There is no such user.');
  return { user: requireVisible(request, instance, user), member };
}

function existingFamily(request: ApiRequest, instance: Instance): FamilyRecord {
  return requireVisible(request, instance, instance.state.families.get(idParam(request, 'familyId') ?? ''));
}

const familiesOf = ({ state }: Instance, userId: string): FamilyRecord[] =>
  [...state.families.values()].filter(({ members }) => members.some((member) => member.userId === userId));

const shown = ({ tenantId: _tenantId, ...family }: FamilyRecord) => family;

export const familyOperations = [
  ...operationsOn('/api/user/family', 'familyId', 'api-key', {
    create: createFamily,
    retrieve: retrieveFamily,
    update: updateFamily,
  }),
  operation('DELETE', '/api/user/family/:familyId/:userId', 'api-key', removeFromFamily),
];
