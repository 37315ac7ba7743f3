import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import { requireLicence } from '../entities/entities.js';
import type { EntityTypeRecord } from '../state/state.js';
import type { EntityTypeBody } from '../wire.js';
import type { Call, World } from '../world.js';

const permissionFields = z.looseObject({
  name: z.string().min(1),
  isDefault: z.boolean().default(false),
});
const permissionRequest = z.looseObject({ permission: permissionFields });
const request = z.looseObject({
  entityType: z.looseObject({
    name: z.string().min(1),
    jwtConfiguration: z
      .looseObject({
        enabled: z.boolean().default(false),
        accessTokenKeyId: z.guid().toLowerCase().optional(),
        timeToLiveInSeconds: z.int().min(1).optional(),
      })
      .optional(),
    permissions: z.array(permissionFields).default([]),
  }),
});

/** `POST /api/entity/type[/{entityTypeId}]`. */
export function createEntityType(call: Call, world: World): Answer {
  requireLicence(world);
  const { entityTypes, keys } = world.state;
  const id = idParam(call, 'entityTypeId') ?? randomUUID();
  const { entityType: wanted } = readBody(call, request);
  if (entityTypes.has(id)) throw invalidField('entityTypeId', 'duplicate', 'This entity type exists.');
  if ([...entityTypes.values()].some(({ name }) => name === wanted.name))
    throw invalidField('entityType.name', 'duplicate', 'An entity type of this name exists.');

  const { enabled, accessTokenKeyId } = wanted.jwtConfiguration ?? {};
  if (enabled && !keys.has(accessTokenKeyId ?? ''))
    throw invalidField('entityType.jwtConfiguration.accessTokenKeyId', 'invalid', 'There is no such key.');

  const now = world.now();
  const permissions = wanted.permissions.map((permission) => ({
    ...permission,
    id: randomUUID(),
    insertInstant: now,
    lastUpdateInstant: now,
  }));
  const entityType = { ...wanted, permissions, id, insertInstant: now, lastUpdateInstant: now };
  entityTypes.set(id, entityType);
  return ok({ entityType } satisfies EntityTypeBody);
}

/** `GET /api/entity/type/{entityTypeId}`. */
export function retrieveEntityType(call: Call, world: World): Answer {
  requireLicence(world);
  return ok({ entityType: existingType(call, world) } satisfies EntityTypeBody);
}

/** `POST /api/entity/type/{entityTypeId}/permission[/{permissionId}]`. */
export function createPermission(call: Call, world: World): Answer {
  requireLicence(world);
  const entityType = existingType(call, world);
  const { permission: wanted } = readBody(call, permissionRequest);
  const permissions = entityType.permissions ?? [];
  if (permissions.some(({ name }) => name === wanted.name))
    throw invalidField('permission.name', 'duplicate', 'The entity type has a permission of this name.');
  const now = world.now();
  const times = { insertInstant: now, lastUpdateInstant: now };
  const permission = { ...wanted, ...times, id: idParam(call, 'permissionId') ?? randomUUID() };
  world.state.entityTypes.set(entityType.id, { ...entityType, permissions: [...permissions, permission] });
  return ok({ permission } satisfies EntityTypeBody);
}

/** `DELETE /api/entity/type/{entityTypeId}`: refused while there are entities of it. */
export function deleteEntityType(call: Call, world: World): Answer {
  requireLicence(world);
  const { id } = existingType(call, world);
  if ([...world.state.entities.values()].some(({ typeId }) => typeId === id))
    throw invalidField('entityTypeId', 'inUse', 'There are entities of this type.');

  world.state.entityTypes.delete(id);
  return empty(200);
}

function existingType(call: Call, { state }: World): EntityTypeRecord {
  const entityType = state.entityTypes.get(idParam(call, 'entityTypeId') ?? '');
  if (!entityType) throw notFound();
  return entityType;
}
