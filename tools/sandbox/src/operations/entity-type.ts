import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { idParam, readBody, readPatch } from '../body.js';
import { requireLicence } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId, requireRecord, requireUnique } from '../records.js';
import { searchRecords } from '../search.js';
import type { EntityTypeRecord } from '../state/state.js';
import type { EntityTypeBody } from '../wire.js';
import { operationsOn } from './operation.js';

const permissionFields = z.looseObject({
  name: z.string().min(1),
  isDefault: z.boolean().default(false),
});
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

/** `POST /api/entity/type[/{entityTypeId}]`. */
function createEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const id = newId(request, 'entityTypeId', instance.state.entityTypes);
  const now = instance.now();
  const { permissions: named, ...wanted } = readBody(request, requestBody).entityType;
  const times = { insertInstant: now, lastUpdateInstant: now };
  const permissions = named.map((permission) => ({ ...permission, id: randomUUID(), ...times }));
  return store(instance, { ...wanted, id, permissions, insertInstant: now });
}

/** `GET /api/entity/type/{entityTypeId}`, or all without an id. */
function retrieveEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  if (idParam(request, 'entityTypeId') === undefined)
    return ok({ entityTypes: [...instance.state.entityTypes.values()] } satisfies EntityTypeBody);
  return ok({ entityType: existingType(request, instance) } satisfies EntityTypeBody);
}

/** `POST` and `GET /api/entity/type/search`. */
function searchEntityTypes(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const { page, total } = searchRecords(request, [...instance.state.entityTypes.values()], ['name']);
  return ok({ entityTypes: page, total });
}

/** `PUT /api/entity/type/{entityTypeId}`: replaces all but the permissions, which have operations of their own. */
function updateEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const { id, permissions = [], insertInstant } = existingType(request, instance);
  const wanted = readBody(request, requestBody).entityType;
  return store(instance, { ...wanted, id, permissions, insertInstant });
}

/** `PATCH /api/entity/type/{entityTypeId}`. */
function patchEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const existing = existingType(request, instance);
  const { entityType } = readPatch(request, requestBody, 'entityType', existing);
  const wanted = entityType as EntityTypeRecord;
  return store(instance, { ...wanted, id: existing.id, insertInstant: existing.insertInstant });
}

function store(instance: Instance, wanted: EntityTypeRecord): Answer {
  const { entityTypes, keys } = instance.state;
  requireUnique(entityTypes.values(), wanted, 'name', 'entityType.name');
  const { enabled, accessTokenKeyId } = wanted.jwtConfiguration ?? {};
  if (enabled && !keys.has(accessTokenKeyId ?? ''))
    throw invalidField('entityType.jwtConfiguration.accessTokenKeyId', 'invalid', 'There is no such key.');

  const entityType = { ...wanted, lastUpdateInstant: instance.now() };
  entityTypes.set(entityType.id, entityType);
  return ok({ entityType } satisfies EntityTypeBody);
}

/** `DELETE /api/entity/type/{entityTypeId}`: refused while entities of this type exist. */
function deleteEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const { id } = existingType(request, instance);
  if ([...instance.state.entities.values()].some(({ typeId }) => typeId === id))
    throw invalidField('entityTypeId', 'inUse', 'There are entities of this type.');

  instance.state.entityTypes.delete(id);
  return empty(200);
}

/** Returns the entity type in the path. Throws 404. */
export const existingType = (request: ApiRequest, { state }: Instance): EntityTypeRecord =>
  requireRecord(request, 'entityTypeId', state.entityTypes);

export const entityTypeOperations = operationsOn('/api/entity/type', 'entityTypeId', 'global-api-key', {
  create: createEntityType,
  retrieve: retrieveEntityType,
  search: searchEntityTypes,
  update: updateEntityType,
  patch: patchEntityType,
  remove: deleteEntityType,
});
