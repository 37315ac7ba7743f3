import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import { requireLicence } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import { searched } from '../search.js';
import type { EntityTypeRecord } from '../state/state.js';
import type { EntityTypeBody } from '../wire.js';

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
const patchRequest = z.looseObject({ entityType: z.looseObject({}) });

/** `POST /api/entity/type[/{entityTypeId}]`. */
export function createEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const id = idParam(request, 'entityTypeId') ?? randomUUID();
  if (instance.state.entityTypes.has(id))
    throw invalidField('entityTypeId', 'duplicate', 'This entity type exists.');

  const now = instance.now();
  const { permissions: named, ...wanted } = readBody(request, requestBody).entityType;
  const times = { insertInstant: now, lastUpdateInstant: now };
  const permissions = named.map((permission) => ({ ...permission, id: randomUUID(), ...times }));
  return store(instance, { ...wanted, id, permissions, insertInstant: now });
}

/** `GET /api/entity/type/{entityTypeId}`, or all without an id. */
export function retrieveEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  if (idParam(request, 'entityTypeId') === undefined)
    return ok({ entityTypes: [...instance.state.entityTypes.values()] } satisfies EntityTypeBody);
  return ok({ entityType: existingType(request, instance) } satisfies EntityTypeBody);
}

/** `POST` and `GET /api/entity/type/search`. */
export function searchEntityTypes(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const { page, total } = searched(request, [...instance.state.entityTypes.values()], ['name']);
  return ok({ entityTypes: page, total });
}

/** `PUT /api/entity/type/{entityTypeId}`: replaces all but the permissions, which have operations of their own. */
export function updateEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const { id, permissions = [], insertInstant } = existingType(request, instance);
  const wanted = readBody(request, requestBody).entityType;
  return store(instance, { ...wanted, id, permissions, insertInstant });
}

/** `PATCH /api/entity/type/{entityTypeId}`. */
export function patchEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const existing = existingType(request, instance);
  const entityType = patched(existing, readBody(request, patchRequest).entityType, request);
  const wanted = check(requestBody, { entityType }).entityType as EntityTypeRecord;
  return store(instance, { ...wanted, id: existing.id, insertInstant: existing.insertInstant });
}

function store(instance: Instance, wanted: EntityTypeRecord): Answer {
  const { entityTypes, keys } = instance.state;
  if ([...entityTypes.values()].some(({ id, name }) => name === wanted.name && id !== wanted.id))
    throw invalidField('entityType.name', 'duplicate', 'An entity type of this name exists.');

  const { enabled, accessTokenKeyId } = wanted.jwtConfiguration ?? {};
  if (enabled && !keys.has(accessTokenKeyId ?? ''))
    throw invalidField('entityType.jwtConfiguration.accessTokenKeyId', 'invalid', 'There is no such key.');

  const entityType = { ...wanted, lastUpdateInstant: instance.now() };
  entityTypes.set(entityType.id, entityType);
  return ok({ entityType } satisfies EntityTypeBody);
}

/** `DELETE /api/entity/type/{entityTypeId}`: refused while entities of this type exist. */
export function deleteEntityType(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const { id } = existingType(request, instance);
  if ([...instance.state.entities.values()].some(({ typeId }) => typeId === id))
    throw invalidField('entityTypeId', 'inUse', 'There are entities of this type.');

  instance.state.entityTypes.delete(id);
  return empty(200);
}

/** Returns the entity type in the path. Throws 404. */
export function existingType(request: ApiRequest, { state }: Instance): EntityTypeRecord {
  const entityType = state.entityTypes.get(idParam(request, 'entityTypeId') ?? '');
  if (!entityType) throw notFound();
  return entityType;
}
