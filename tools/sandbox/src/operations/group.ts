import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { type Answer, invalidField, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { searched } from '../search.js';
import type { GroupRecord } from '../state/state.js';
import type { GroupBody } from '../wire.js';

const fields = z.looseObject({
  name: z.string().min(1),
  data: z.record(z.string(), z.unknown()).optional(),
});
const requestBody = z.looseObject({ group: fields });
const patchRequest = z.looseObject({ group: z.looseObject({}) });

/** `POST /api/group[/{groupId}]`. */
export function createGroup(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'groupId') ?? randomUUID();
  if (instance.state.groups.has(id)) throw invalidField('groupId', 'duplicate', 'This group exists.');
  const { group } = readBody(request, requestBody);
  const tenantId = requireTenant(request, instance);
  return store(instance, { id, tenantId, insertInstant: instance.now() }, group);
}

/** `GET /api/group/{groupId}`, or all without an id. */
export function retrieveGroup(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'groupId') === undefined)
    return ok({ groups: seenBy(request, instance) } satisfies GroupBody);
  return ok({ group: existingGroup(request, instance) } satisfies GroupBody);
}

/** `POST` and `GET /api/group/search`. */
export function searchGroups(request: ApiRequest, instance: Instance): Answer {
  const { page, total } = searched(request, seenBy(request, instance), ['name', 'tenantId']);
  return ok({ groups: page, total });
}

/** `PUT /api/group/{groupId}`: replaces. */
export function updateGroup(request: ApiRequest, instance: Instance): Answer {
  const existing = existingGroup(request, instance);
  return store(instance, existing, readBody(request, requestBody).group);
}

/** `PATCH /api/group/{groupId}`. */
export function patchGroup(request: ApiRequest, instance: Instance): Answer {
  const existing = existingGroup(request, instance);
  const group = patched(existing, readBody(request, patchRequest).group, request);
  return store(instance, existing, check(requestBody, { group }).group);
}

function store(
  instance: Instance,
  { id, tenantId, insertInstant }: GroupRecord,
  { name, data }: z.output<typeof fields>,
): Answer {
  const group: GroupRecord = { id, name, data, tenantId, insertInstant, lastUpdateInstant: instance.now() };
  instance.state.groups.set(id, group);
  return ok({ group } satisfies GroupBody);
}

function seenBy(request: ApiRequest, instance: Instance): GroupRecord[] {
  const named = namedTenant(request, instance);
  return [...instance.state.groups.values()].filter(({ tenantId }) => (named ?? tenantId) === tenantId);
}

const existingGroup = (request: ApiRequest, instance: Instance): GroupRecord =>
  visible(request, instance, instance.state.groups.get(idParam(request, 'groupId') ?? ''));
