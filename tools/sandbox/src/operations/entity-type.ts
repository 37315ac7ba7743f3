import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import { requireLicence } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { EntityTypeRecord } from '../state/state.js';
import type { EntityTypeBody } from '../wire.js';

const permissionFields = z.looseObject({
  name: z.string().min(1),
  isDefault: z.boolean().default(false),
});
const permissionRequest = z.looseObject({ permission: permissionFields });
const requestBody = z.looseObject({
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
const patchRequest = z.looseObject({ entityType: z.looseObject({}) });

/** `POST /api/entity/type[/{entityTypeId}]`. */
export function createEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const { entityTypes, keys } = instance.state;
  const id = idParam(request, 'entityTypeId') ?? randomUUID();
  const { entityType: wanted } = readBody(request, requestBody);
  if (entityTypes.has(id)) throw invalidField('entityTypeId', 'duplicate', 'This entity type exists.');
  if ([...entityTypes.values()].some(({ name }) => name === wanted.name))
    throw invalidField('entityType.name', 'duplicate', 'An entity type of this name exists.');

  const { enabled, accessTokenKeyId } = wanted.jwtConfiguration ?? {};
  if (enabled && !keys.has(accessTokenKeyId ?? ''))
    throw invalidField('entityType.jwtConfiguration.accessTokenKeyId', 'invalid', 'There is no such key.');

  const now = instance.now();
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
export function retrieveEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  return ok({ entityType: existingType(request, instance) } satisfies EntityTypeBody);
}

/** `PATCH /api/entity/type/{entityTypeId}`. */
export function patchEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const existing = existingType(request, instance);
  const entityType = patched(existing, readBody(request, patchRequest).entityType, request);
  const wanted = check(requestBody, { entityType }).entityType as EntityTypeRecord;
  const changed = { ...wanted, id: existing.id, lastUpdateInstant: instance.now() };
  instance.state.entityTypes.set(existing.id, changed);
  return ok({ entityType: changed } satisfies EntityTypeBody);
}

/** `POST /api/entity/type/{entityTypeId}/permission[/{permissionId}]`. */
export function createPermission(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const entityType = existingType(request, instance);
  const { permission: wanted } = readBody(request, permissionRequest);
  const permissions = entityType.permissions ?? [];
  if (permissions.some(({ name }) => name === wanted.name))
    throw invalidField('permission.name', 'duplicate', 'The entity type has a permission of this name.');
  const now = instance.now();
  const times = { insertInstant: now, lastUpdateInstant: now };
  const permission = { ...wanted, ...times, id: idParam(request, 'permissionId') ?? randomUUID() };
  instance.state.entityTypes.set(entityType.id, { ...entityType, permissions: [...permissions, permission] });
  return ok({ permission } satisfies EntityTypeBody);
}

/** `DELETE /api/entity/type/{entityTypeId}`: refused while there are entities of it. */
export function deleteEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const { id } = existingType(request, instance);
  if ([...instance.state.entities.values()].some(({ typeId }) => typeId === id))
    throw invalidField('entityTypeId', 'inUse', 'There are entities of this type.');

  instance.state.entityTypes.delete(id);
  return empty(200);
}

function existingType(request: ApiRequest, { state }: Instance): EntityTypeRecord {
  const entityType = state.entityTypes.get(idParam(request, 'entityTypeId') ?? '');
  if (!entityType) throw notFound();
  return entityType;
}
