import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireTenant, visible } from '../access/tenant.js';
import { type Answer, invalidField, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { GroupBody } from '../wire.js';

const requestBody = z.looseObject({
  group: z.looseObject({ name: z.string().min(1), data: z.record(z.string(), z.unknown()).optional() }),
});

/** `POST /api/group[/{groupId}]`. */
export function createGroup(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'groupId') ?? randomUUID();
  if (instance.state.groups.has(id)) throw invalidField('groupId', 'duplicate', 'This group exists.');
  const now = instance.now();
  const { name, data } = readBody(request, requestBody).group;
  const group = {
    id,
    name,
    data,
    tenantId: requireTenant(request, instance),
    insertInstant: now,
    lastUpdateInstant: now,
  };
  instance.state.groups.set(id, group);
  return ok({ group } satisfies GroupBody);
}

/** `GET /api/group/{groupId}`. */
export function retrieveGroup(request: ApiRequest, instance: Instance): Answer {
  const group = visible(request, instance, instance.state.groups.get(idParam(request, 'groupId') ?? ''));
  return ok({ group } satisfies GroupBody);
}
