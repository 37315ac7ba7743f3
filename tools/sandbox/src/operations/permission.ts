import { z } from 'zod';
import { type Answer, empty, ok } from '../answer.js';
import { readBody, readPatch } from '../body.js';
import { requireLicence } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import { byId, newId, requireRecord, withItem } from '../records.js';
import type { EntityTypeRecord } from '../state/state.js';
import type { EntityTypeBody } from '../wire.js';
import { existingType } from './entity-type.js';
import { operationsOn } from './operation.js';

type Permission = NonNullable<EntityTypeRecord['permissions']>[number];

const requestBody = z.looseObject({
  permission: z.looseObject({ name: z.string().min(1), isDefault: z.boolean().default(false) }),
});

/** `POST /api/entity/type/{entityTypeId}/permission[/{permissionId}]`. */
function createPermission(request: ApiRequest, instance: Instance): Answer {
  const entityType = typeOf(request, instance);
  const id = newId(request, 'permissionId', byId(entityType.permissions));
  const { permission } = readBody(request, requestBody);
  return store(instance, entityType, { ...permission, id, insertInstant: instance.now() });
}

/** `PUT` and `PATCH /api/entity/type/{entityTypeId}/permission/{permissionId}`; the name stays where none is sent. */
function changePermission(request: ApiRequest, instance: Instance): Answer {
  const entityType = typeOf(request, instance);
  const existing = requireRecord(request, 'permissionId', byId(entityType.permissions));
  const { permission } = readPatch(request, requestBody, 'permission', existing);
  const { id, insertInstant } = existing;
  return store(instance, entityType, { ...permission, id, insertInstant });
}

/** `DELETE /api/entity/type/{entityTypeId}/permission/{permissionId}`: removes it from grants too. */
function deletePermission(request: ApiRequest, instance: Instance): Answer {
  const entityType = typeOf(request, instance);
  const removed = requireRecord(request, 'permissionId', byId(entityType.permissions));
  const { entities, entityGrants, entityTypes } = instance.state;
  for (const grant of entityGrants.values()) {
    if (entities.get(grant.targetId)?.typeId === entityType.id)
      grant.permissions = grant.permissions.filter((name) => name !== removed.name);
  }
  const permissions = entityType.permissions?.filter(({ id }) => id !== removed.id) ?? [];
  entityTypes.set(entityType.id, { ...entityType, permissions });
  return empty(200);
}

function typeOf(request: ApiRequest, instance: Instance): EntityTypeRecord {
  requireLicence(instance);
  return existingType(request, instance);
}

function store(instance: Instance, entityType: EntityTypeRecord, wanted: Permission): Answer {
  const permission = { ...wanted, lastUpdateInstant: instance.now() };
  const permissions = withItem(entityType.permissions, permission, 'permission.name');
  instance.state.entityTypes.set(entityType.id, { ...entityType, permissions });
  return ok({ permission } satisfies EntityTypeBody);
}

export const permissionOperations = operationsOn(
  '/api/entity/type/:entityTypeId/permission',
  'permissionId',
  'api-key',
  {
    create: createPermission,
    update: changePermission,
    patch: changePermission,
    remove: deletePermission,
  },
);
