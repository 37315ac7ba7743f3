import { z } from 'zod';
import { requireTenant, requireVisible, visibleRecords } from '../access/tenant.js';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { applyPatch, check, idParam, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId } from '../records.js';
import { searchRecords } from '../search.js';
import type { GroupRecord } from '../state/state.js';
import { describeGroup, leaveGroup } from '../users/memberships.js';
import type { Group, GroupBody } from '../wire.js';
import { operationsOn } from './operation.js';

const fields = z.looseObject({
  name: z.string().min(1),
  data: z.record(z.string(), z.unknown()).optional(),
});
const roleIds = z.array(z.guid().toLowerCase()).optional();
const requestBody = z.looseObject({ group: fields, roleIds });
const patchRequest = z.looseObject({ group: z.looseObject({}).prefault({}), roleIds });

/** `POST /api/group[/{groupId}]`. */
function createGroup(request: ApiRequest, instance: Instance): Answer {
  const id = newId(request, 'groupId', instance.state.groups);
  const wanted = readBody(request, requestBody);
  const tenantId = requireTenant(request, instance);
  checkRoles(instance, tenantId, wanted.roleIds);
  return store(instance, { id, tenantId, insertInstant: instance.now() }, wanted);
}

/** `GET /api/group/{groupId}`, or all without an id. */
function retrieveGroup(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'groupId') === undefined)
    return ok({ groups: shownGroups(request, instance) } satisfies GroupBody);
  return answer(instance, existingGroup(request, instance));
}

/** `POST` and `GET /api/group/search`. */
function searchGroups(request: ApiRequest, instance: Instance): Answer {
  const { page, total } = searchRecords(request, shownGroups(request, instance), ['name', 'tenantId']);
  return ok({ groups: page, total });
}

/** `PUT /api/group/{groupId}`. */
function updateGroup(request: ApiRequest, instance: Instance): Answer {
  const existing = existingGroup(request, instance);
  const wanted = readBody(request, requestBody);
  checkRoles(instance, existing.tenantId, wanted.roleIds);
  return store(instance, existing, wanted);
}

/** `PATCH /api/group/{groupId}`. */
function patchGroup(request: ApiRequest, instance: Instance): Answer {
  const existing = existingGroup(request, instance);
  const { group: change, roleIds: wanted } = readBody(request, patchRequest);
  checkRoles(instance, existing.tenantId, wanted);
  const group = applyPatch(existing, change, request);
  return store(instance, existing, check(requestBody, { group, roleIds: wanted ?? existing.roleIds }));
}

/** `DELETE /api/group/{groupId}`: with its memberships. */
function deleteGroup(request: ApiRequest, instance: Instance): Answer {
  const { id } = existingGroup(request, instance);
  instance.state.groups.delete(id);
  leaveGroup(instance.state, id);
  return empty(200);
}

function store(
  instance: Instance,
  { id, tenantId, insertInstant }: GroupRecord,
  { group: { name, data }, roleIds: wanted }: z.output<typeof requestBody>,
): Answer {
  const times = { insertInstant, lastUpdateInstant: instance.now() };
  const group: GroupRecord = { id, name, data, tenantId, roleIds: wanted, ...times };
  instance.state.groups.set(id, group);
  return answer(instance, group);
}

/** Throws 400 unless all roles belong to applications of the tenant. */
function checkRoles({ state }: Instance, tenantId: string, wanted: readonly string[] = []): void {
  const applications = [...state.applications.values()].filter((one) => one.tenantId === tenantId);
  const known = new Set(applications.flatMap(({ roles = [] }) => roles.map(({ id }) => id)));
  const unknown = wanted.find((id) => !known.has(id));
  if (unknown !== undefined)
    throw invalidField('roleIds', 'invalid', `No application of the tenant has the role ${unknown}.`);
}

const shownGroups = (request: ApiRequest, instance: Instance): Group[] =>
  visibleRecords(request, instance, instance.state.groups).map((group) =>
    describeGroup(instance.state, group),
  );

const answer = ({ state }: Instance, group: GroupRecord): Answer =>
  ok({ group: describeGroup(state, group) } satisfies GroupBody);

const existingGroup = (request: ApiRequest, instance: Instance): GroupRecord =>
  requireVisible(request, instance, instance.state.groups.get(idParam(request, 'groupId') ?? ''));

export const groupOperations = operationsOn('/api/group', 'groupId', 'api-key', {
  create: createGroup,
  retrieve: retrieveGroup,
  search: searchGroups,
  update: updateGroup,
  patch: patchGroup,
  remove: deleteGroup,
});
