import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { type Answer, invalidField, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { searched } from '../search.js';
import type { GroupRecord } from '../state/state.js';
import { describeGroup } from '../users/memberships.js';
import type { Group, GroupBody } from '../wire.js';

const fields = z.looseObject({
  name: z.string().min(1),
  data: z.record(z.string(), z.unknown()).optional(),
});
const roleIds = z.array(z.guid().toLowerCase()).optional();
const requestBody = z.looseObject({ group: fields, roleIds });
const patchRequest = z.looseObject({ group: z.looseObject({}).prefault({}), roleIds });

/** `POST /api/group[/{groupId}]`. */
export function createGroup(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'groupId') ?? randomUUID();
  if (instance.state.groups.has(id)) throw invalidField('groupId', 'duplicate', 'This group exists.');
  const wanted = readBody(request, requestBody);
  const tenantId = requireTenant(request, instance);
  checkRoles(instance, tenantId, wanted.roleIds);
  return store(instance, { id, tenantId, insertInstant: instance.now() }, wanted);
}

/** `GET /api/group/{groupId}`, or all without an id. */
export function retrieveGroup(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'groupId') === undefined)
    return ok({ groups: seenBy(request, instance) } satisfies GroupBody);
  return answer(instance, existingGroup(request, instance));
}

/** `POST` and `GET /api/group/search`. */
export function searchGroups(request: ApiRequest, instance: Instance): Answer {
  const { page, total } = searched(request, seenBy(request, instance), ['name', 'tenantId']);
  return ok({ groups: page, total });
}

/** `PUT /api/group/{groupId}`. */
export function updateGroup(request: ApiRequest, instance: Instance): Answer {
  const existing = existingGroup(request, instance);
  const wanted = readBody(request, requestBody);
  checkRoles(instance, existing.tenantId, wanted.roleIds);
  return store(instance, existing, wanted);
}

/** `PATCH /api/group/{groupId}`. */
export function patchGroup(request: ApiRequest, instance: Instance): Answer {
  const existing = existingGroup(request, instance);
  const { group: change, roleIds: wanted } = readBody(request, patchRequest);
  checkRoles(instance, existing.tenantId, wanted);
  const group = patched(existing, change, request);
  return store(instance, existing, check(requestBody, { group, roleIds: wanted ?? existing.roleIds }));
}

function store(
  instance: Instance,
  { id, tenantId, insertInstant }: GroupRecord,
  { group: { name, data }, roleIds: wanted }: z.output<typeof requestBody>,
): Answer {
  const kept = { id, name, data, tenantId, insertInstant, roleIds: wanted };
  const group: GroupRecord = { ...kept, lastUpdateInstant: instance.now() };
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

function seenBy(request: ApiRequest, instance: Instance): Group[] {
  const named = namedTenant(request, instance);
  return [...instance.state.groups.values()]
    .filter(({ tenantId }) => (named ?? tenantId) === tenantId)
    .map((group) => describeGroup(instance.state, group));
}

const answer = ({ state }: Instance, group: GroupRecord): Answer =>
  ok({ group: describeGroup(state, group) } satisfies GroupBody);

const existingGroup = (request: ApiRequest, instance: Instance): GroupRecord =>
  visible(request, instance, instance.state.groups.get(idParam(request, 'groupId') ?? ''));
