import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidField } from '../answer.js';
import { requireLicence } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import { requireRecord, requireUnique } from '../records.js';
import type { EntityTypeRecord } from '../state/state.js';
import { type Change, resourceOperations } from './resource.js';

export const permissionFields = z.looseObject({
  name: z.string().min(1),
  isDefault: z.boolean().default(false),
});
const fields = z.looseObject({
  name: z.string().min(1),
  jwtConfiguration: z
    .looseObject({
      enabled: z.boolean().default(false),
      accessTokenKeyId: z.guid().toLowerCase().optional(),
      timeToLiveInSeconds: z.int().min(1).optional(),
    })
    .optional(),
  permissions: z.array(permissionFields).default([]),
});

/** Permissions have operations of their own, so only a creation sets them. */
function save(
  { instance, existing, stamps }: Change<EntityTypeRecord>,
  { permissions: named, ...wanted }: z.output<typeof fields>,
): EntityTypeRecord {
  const { entityTypes, keys } = instance.state;
  const permissions = existing?.permissions ?? named.map((one) => ({ ...one, ...stamps, id: randomUUID() }));
  const entityType = { ...wanted, permissions, ...stamps };
  requireUnique(entityTypes.values(), entityType, 'name', 'entityType.name');
  const { enabled, accessTokenKeyId } = wanted.jwtConfiguration ?? {};
  if (enabled && !keys.has(accessTokenKeyId ?? ''))
    throw invalidField('entityType.jwtConfiguration.accessTokenKeyId', 'invalid', 'There is no such key.');
  entityTypes.set(entityType.id, entityType);
  return entityType;
}

function all(_request: ApiRequest, instance: Instance): EntityTypeRecord[] {
  requireLicence(instance);
  return [...instance.state.entityTypes.values()];
}

/** Returns the entity type in the path. Throws 404, or 400 without a licence. */
export function existingType(request: ApiRequest, instance: Instance): EntityTypeRecord {
  requireLicence(instance);
  return requireRecord(request, 'entityTypeId', instance.state.entityTypes);
}

/** `/api/entity/type[/{entityTypeId}]`; a type of existing entities cannot be deleted. */
export const entityTypeOperations = resourceOperations({
  path: '/api/entity/type',
  one: 'entityType',
  access: 'global-api-key',
  fields,
  all,
  save,
  remove: ({ instance: { state } }, { id }) => {
    if ([...state.entities.values()].some(({ typeId }) => typeId === id))
      throw invalidField('entityTypeId', 'inUse', 'There are entities of this type.');
    state.entityTypes.delete(id);
  },
  searchBy: ['name'],
});
