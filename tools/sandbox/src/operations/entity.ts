import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, requireVisible, visibleRecords } from '../access/tenant.js';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { idParam, readBody, readMember, readPatch } from '../body.js';
import { requireLicence, showEntity } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId, requireUnique } from '../records.js';
import type { EntityRecord } from '../state/state.js';
import type { EntityBody } from '../wire.js';
import { operationsOn } from './operation.js';
import { findByQuery } from './user-search.js';

const requestBody = z.looseObject({
  entity: z.looseObject({
    name: z.string().min(1),
    type: z.looseObject({ id: z.guid().toLowerCase() }),
    clientId: z.string().min(1).optional(),
    clientSecret: z.string().min(1).optional(),
    tenantId: z.guid().toLowerCase().optional(),
  }),
});

/** `POST /api/entity[/{entityId}]`; the client id is the entity's id unless another is chosen. */
function createEntity(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const id = newId(request, 'entityId', instance.state.entities);
  const { entity } = readBody(request, requestBody);
  const tenantId = tenantFor(request, instance, entity.tenantId);
  const clientSecret = randomBytes(32).toString('base64url');
  const identity = {
    id,
    tenantId,
    typeId: entity.type.id,
    clientId: id,
    clientSecret,
    insertInstant: instance.now(),
  };
  return store(instance, identity, entity);
}

/** `GET /api/entity/{entityId}`. */
function retrieveEntity(request: ApiRequest, instance: Instance): Answer {
  return ok({ entity: showEntity(instance.state, existingEntity(request, instance)) } satisfies EntityBody);
}

/** `GET /api/entity/search?ids=` and `POST /api/entity/search`: by ids, or by one term of a `queryString`. */
function searchEntities(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const entities = visibleRecords(request, instance, instance.state.entities);
  const { page, total } = findByQuery(request, entities, ['name', 'clientId']);
  return ok({ entities: page.map((entity) => showEntity(instance.state, entity)), total });
}

/** `PUT /api/entity/{entityId}`: replaces all but the type; the client's id and secret stay where none are sent. */
function updateEntity(request: ApiRequest, instance: Instance): Answer {
  const existing = existingEntity(request, instance);
  const type = { id: existing.typeId };
  const { entity } = readMember(request, requestBody, 'entity', (sent) => ({ type, ...sent }));
  return store(instance, existing, entity);
}

/** `PATCH /api/entity/{entityId}`. */
function patchEntity(request: ApiRequest, instance: Instance): Answer {
  const existing = existingEntity(request, instance);
  const { typeId, ...before } = existing;
  const { entity } = readPatch(request, requestBody, 'entity', { ...before, type: { id: typeId } });
  return store(instance, existing, entity);
}

type Identity = Pick<
  EntityRecord,
  'id' | 'tenantId' | 'typeId' | 'clientId' | 'clientSecret' | 'insertInstant'
>;

function store(
  instance: Instance,
  { id, tenantId, typeId, insertInstant, ...before }: Identity,
  { type, ...wanted }: z.output<typeof requestBody>['entity'],
): Answer {
  const { entities, entityTypes } = instance.state;
  const { clientId = before.clientId, clientSecret = before.clientSecret } = wanted;
  requireUnique(entities.values(), { id, clientId }, 'clientId', 'entity.clientId');
  if (!entityTypes.has(typeId))
    throw invalidField('entity.type.id', 'invalid', 'There is no such entity type.');
  if (type.id !== typeId)
    throw invalidField('entity.type.id', 'invalid', 'The type of an entity cannot be changed.');

  const times = { insertInstant, lastUpdateInstant: instance.now() };
  const entity: EntityRecord = { ...wanted, ...times, id, tenantId, typeId, clientId, clientSecret };
  entities.set(id, entity);
  return ok({ entity: showEntity(instance.state, entity) } satisfies EntityBody);
}

/** `DELETE /api/entity/{entityId}`, with every grant to it and on it. */
function deleteEntity(request: ApiRequest, instance: Instance): Answer {
  const { id } = existingEntity(request, instance);
  const { entities, entityGrants } = instance.state;
  entities.delete(id);
  for (const grant of entityGrants.values())
    if (grant.targetId === id || grant.recipientEntityId === id) entityGrants.delete(grant.id);

  return empty(200);
}

/** Returns the entity in the path. Throws 404, or 400 without a licence. */
export function existingEntity(request: ApiRequest, instance: Instance): EntityRecord {
  requireLicence(instance);
  return requireVisible(request, instance, instance.state.entities.get(idParam(request, 'entityId') ?? ''));
}

function tenantFor(request: ApiRequest, instance: Instance, wanted: string | undefined): string {
  if (wanted === undefined) return requireTenant(request, instance);
  if (instance.state.tenants.has(wanted) && (namedTenant(request, instance) ?? wanted) === wanted)
    return wanted;
  throw invalidField('entity.tenantId', 'invalid', 'There is no such tenant, or the request names another.');
}

export const entityOperations = operationsOn('/api/entity', 'entityId', 'api-key', {
  create: createEntity,
  retrieveOne: retrieveEntity,
  search: searchEntities,
  update: updateEntity,
  patch: patchEntity,
  remove: deleteEntity,
});
