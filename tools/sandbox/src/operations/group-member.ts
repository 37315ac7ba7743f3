import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireVisible, visibleRecords } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { searchRecords } from '../search.js';
import type { GroupRecord, UserRecord } from '../state/state.js';
import { leaveGroup } from '../users/memberships.js';
import type { GroupMember, GroupMemberBody } from '../wire.js';
import { operation, operationsOn } from './operation.js';

const id = z.guid().toLowerCase();
const member = z.looseObject({
  id: id.optional(),
  userId: id,
  data: z.record(z.string(), z.unknown()).optional(),
});
const requestBody = z.looseObject({ members: z.record(id, z.array(member)) });
const removal = z.looseObject({
  memberIds: z.array(id).optional(),
  members: z.record(id, z.array(id)).optional(),
});

/** `POST /api/group/member`: adds users to groups; existing members stay. */
const addMembers = (request: ApiRequest, instance: Instance): Answer => write(request, instance, false);

/** `PUT /api/group/member`: makes the users the only members of the named groups. */
const replaceMembers = (request: ApiRequest, instance: Instance): Answer => write(request, instance, true);

function write(request: ApiRequest, instance: Instance, replaces: boolean): Answer {
  const wanted = Object.entries(readBody(request, requestBody).members).map(
    ([groupId, members]) =>
      [
        existingGroup(request, instance, groupId),
        members.map((one) => ({ ...one, record: memberOf(request, instance, groupId, one.userId) })),
      ] as const,
  );
  const members = wanted.map(([{ id: groupId }, users]) => {
    if (replaces) leaveGroup(instance.state, groupId);
    return [groupId, users.map(({ record, ...one }) => join(instance, groupId, record, one))] as const;
  });
  return ok({ members: Object.fromEntries(members) } satisfies GroupMemberBody);
}

function join(
  instance: Instance,
  groupId: string,
  { user }: UserRecord,
  { id: wantedId, data = {} }: z.output<typeof member>,
): GroupMember {
  const existing = user.memberships?.find((one) => one.groupId === groupId);
  const joined = existing ?? { data, groupId, id: wantedId ?? randomUUID(), insertInstant: instance.now() };
  if (!existing) user.memberships = [...(user.memberships ?? []), joined];
  return { ...joined, userId: user.id };
}

/** `DELETE /api/group/member[/{memberId}]`: by membership, by group and user, or a whole group. */
function removeMembers(request: ApiRequest, instance: Instance): Answer {
  const { query, json } = request;
  const memberId = idParam(request, 'memberId');
  const groupId = query.get('groupId');
  if (memberId !== undefined) {
    if (!shownMembers(request, instance).some((one) => one.id === memberId)) throw notFound();
    leaveByIds(request, instance, [memberId]);
  } else if (groupId === null) {
    const { memberIds = [], members = {} } = readBody({ ...request, json: json ?? {} }, removal);
    if (memberIds.length + Object.keys(members).length === 0)
      throw invalidField('memberIds', 'blank', 'Name memberships, a group, or users of groups.');
    leaveByIds(request, instance, memberIds);
    for (const [named, userIds] of Object.entries(members)) {
      leaveGroup(instance.state, existingGroup(request, instance, named).id, (_id, userId) =>
        userIds.includes(userId),
      );
    }
  } else {
    const leaving = query.get('userId')?.toLowerCase();
    leaveGroup(
      instance.state,
      existingGroup(request, instance, groupId).id,
      (_id, userId) => leaving === undefined || userId === leaving,
    );
  }
  return empty(200);
}

function leaveByIds(request: ApiRequest, instance: Instance, ids: readonly string[]): void {
  const groups = shownMembers(request, instance).flatMap((one) =>
    ids.includes(one.id ?? '') && one.groupId !== undefined ? [one.groupId] : [],
  );
  for (const groupId of groups)
    leaveGroup(instance.state, groupId, (memberId) => ids.includes(memberId ?? ''));
}

/** `POST` and `GET /api/group/member/search`: by group, user and tenant. */
function searchMembers(request: ApiRequest, instance: Instance): Answer {
  const { page, total } = searchRecords(request, shownMembers(request, instance), [
    'groupId',
    'userId',
    'tenantId',
  ]);
  return ok({ members: page.map(({ tenantId: _tenantId, ...one }) => one), total });
}

const shownMembers = (request: ApiRequest, instance: Instance): (GroupMember & { tenantId: string })[] =>
  visibleRecords(request, instance, instance.state.users).flatMap(({ tenantId, user }) =>
    (user.memberships ?? []).map((one) => ({ ...one, userId: user.id, tenantId })),
  );

const existingGroup = (request: ApiRequest, instance: Instance, groupId: string): GroupRecord =>
  requireVisible(request, instance, instance.state.groups.get(groupId.toLowerCase()));

function memberOf(request: ApiRequest, instance: Instance, groupId: string, userId: string): UserRecord {
  const record = instance.state.users.get(userId);
  const { tenantId } = existingGroup(request, instance, groupId);
  if (record?.tenantId === tenantId) return record;
  throw invalidField(`members[${groupId}].userId`, 'invalid', 'The tenant of the group has no such user.');
}

export const groupMemberOperations = [
  ...operationsOn('/api/group/member', 'memberId', 'api-key', { search: searchMembers }),
  operation('POST', '/api/group/member', 'api-key', addMembers),
  operation('PUT', '/api/group/member', 'api-key', replaceMembers),
  operation('DELETE', '/api/group/member/:memberId?', 'api-key', removeMembers),
];
