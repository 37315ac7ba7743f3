import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import { requireLicence, showEntity } from '../entities/entities.js';
import type { EntityRecord } from '../state/state.js';
import type { EntityBody } from '../wire.js';
import type { Call, World } from '../world.js';

const request = z.looseObject({
  entity: z.looseObject({
    name: z.string().min(1),
    type: z.looseObject({ id: z.guid().toLowerCase() }),
    clientId: z.string().min(1).optional(),
    clientSecret: z.string().min(1).optional(),
    tenantId: z.guid().toLowerCase().optional(),
  }),
});

/** `POST /api/entity[/{entityId}]`; the client id is the entity's id unless another is chosen. */
export function createEntity(call: Call, world: World): Answer {
  requireLicence(world);
  const { entities, entityTypes } = world.state;
  const id = idParam(call, 'entityId') ?? randomUUID();
  const { type, ...wanted } = readBody(call, request).entity;
  const tenantId = tenantFor(call, world, wanted.tenantId);
  const { clientId = id, clientSecret = randomBytes(32).toString('base64url') } = wanted;
  if (entities.has(id)) throw invalidField('entityId', 'duplicate', 'This entity exists.');
  if ([...entities.values()].some((other) => other.clientId === clientId))
    throw invalidField('entity.clientId', 'duplicate', 'Another entity has this client id.');

  if (!entityTypes.has(type.id))
    throw invalidField('entity.type.id', 'invalid', 'There is no such entity type.');

  const now = world.now();
  const times = { insertInstant: now, lastUpdateInstant: now };
  const entity = { ...wanted, ...times, id, tenantId, typeId: type.id, clientId, clientSecret };
  entities.set(id, entity);
  return ok({ entity: showEntity(world.state, entity) } satisfies EntityBody);
}

/** `GET /api/entity/{entityId}`. */
export function retrieveEntity(call: Call, world: World): Answer {
  return ok({ entity: showEntity(world.state, existingEntity(call, world)) } satisfies EntityBody);
}

/** `DELETE /api/entity/{entityId}`, with every grant to it and for it. */
export function deleteEntity(call: Call, world: World): Answer {
  const { id } = existingEntity(call, world);
  const { entities, entityGrants } = world.state;
  entities.delete(id);
  for (const grant of entityGrants.values())
    if (grant.targetId === id || grant.recipientEntityId === id) entityGrants.delete(grant.id);

  return empty(200);
}

/** The entity in the path. Throws 404, or 400 without a licence. */
export function existingEntity(call: Call, world: World): EntityRecord {
  requireLicence(world);
  return visible(call, world, world.state.entities.get(idParam(call, 'entityId') ?? ''));
}

function tenantFor(call: Call, world: World, wanted: string | undefined): string {
  if (wanted === undefined) return requireTenant(call, world);
  if (world.state.tenants.has(wanted) && (namedTenant(call, world) ?? wanted) === wanted) return wanted;
  throw invalidField('entity.tenantId', 'invalid', 'There is no such tenant, or the request names another.');
}
