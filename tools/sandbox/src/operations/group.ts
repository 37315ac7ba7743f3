import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireTenant, visible } from '../access/tenant.js';
import { type Answer, invalidField, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import type { GroupBody } from '../wire.js';
import type { Call, World } from '../world.js';

const request = z.looseObject({
  group: z.looseObject({ name: z.string().min(1), data: z.record(z.string(), z.unknown()).optional() }),
});

/** `POST /api/group[/{groupId}]`. */
export function createGroup(call: Call, world: World): Answer {
  const id = idParam(call, 'groupId') ?? randomUUID();
  if (world.state.groups.has(id)) throw invalidField('groupId', 'duplicate', 'This group exists.');
  const now = world.now();
  const { name, data } = readBody(call, request).group;
  const group = {
    id,
    name,
    data,
    tenantId: requireTenant(call, world),
    insertInstant: now,
    lastUpdateInstant: now,
  };
  world.state.groups.set(id, group);
  return ok({ group } satisfies GroupBody);
}

/** `GET /api/group/{groupId}`. */
export function retrieveGroup(call: Call, world: World): Answer {
  const group = visible(call, world, world.state.groups.get(idParam(call, 'groupId') ?? ''));
  return ok({ group } satisfies GroupBody);
}
