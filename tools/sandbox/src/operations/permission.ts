import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import { requireLicence } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { EntityTypeRecord } from '../state/state.js';
import type { EntityTypeBody } from '../wire.js';
import { existingType } from './entity-type.js';

type Permission = NonNullable<EntityTypeRecord['permissions']>[number];

const requestBody = z.looseObject({
  permission: z.looseObject({ name: z.string().min(1), isDefault: z.boolean().default(false) }),
});
const patchRequest = z.looseObject({ permission: z.looseObject({}) });

/** `POST /api/entity/type/{entityTypeId}/permission[/{permissionId}]`. */
export function createPermission(request: ApiRequest, instance: Instance): Answer {
  const entityType = typeOf(request, instance);
  const id = idParam(request, 'permissionId') ?? randomUUID();
  if (entityType.permissions?.some((permission) => permission.id === id))
    throw invalidField('permissionId', 'duplicate', 'This permission exists.');
  const { permission } = readBody(request, requestBody);
  return store(instance, entityType, { ...permission, id, insertInstant: instance.now() });
}

/** `PUT` and `PATCH /api/entity/type/{entityTypeId}/permission/{permissionId}`; the name stays where none is sent. */
export function changePermission(request: ApiRequest, instance: Instance): Answer {
  const entityType = typeOf(request, instance);
  const existing = existingPermission(request, entityType);
  const permission = patched(existing, readBody(request, patchRequest).permission, request);
  const { id, insertInstant } = existing;
  return store(instance, entityType, { ...check(requestBody, { permission }).permission, id, insertInstant });
}

/** `DELETE /api/entity/type/{entityTypeId}/permission/{permissionId}`: removes it from grants too. */
export function deletePermission(request: ApiRequest, instance: Instance): Answer {
  const entityType = typeOf(request, instance);
  const removed = existingPermission(request, entityType);
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
  const permissions = entityType.permissions ?? [];
  if (permissions.some(({ id, name }) => name === wanted.name && id !== wanted.id))
    throw invalidField('permission.name', 'duplicate', 'The entity type has a permission of this name.');
  const permission = { ...wanted, lastUpdateInstant: instance.now() };
  const known = permissions.some(({ id }) => id === permission.id);
  const changed = known
    ? permissions.map((other) => (other.id === permission.id ? permission : other))
    : [...permissions, permission];
  instance.state.entityTypes.set(entityType.id, { ...entityType, permissions: changed });
  return ok({ permission } satisfies EntityTypeBody);
}

function existingPermission(request: ApiRequest, { permissions = [] }: EntityTypeRecord): Permission {
  const wanted = idParam(request, 'permissionId');
  const permission = permissions.find(({ id }) => id === wanted);
  if (!permission) throw notFound();
  return permission;
}
