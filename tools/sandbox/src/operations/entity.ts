import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import { requireLicence, showEntity } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { EntityRecord } from '../state/state.js';
import type { EntityBody } from '../wire.js';
import { found } from './user-search.js';

const requestBody = z.looseObject({
  entity: z.looseObject({
    name: z.string().min(1),
    type: z.looseObject({ id: z.guid().toLowerCase() }),
    clientId: z.string().min(1).optional(),
    clientSecret: z.string().min(1).optional(),
    tenantId: z.guid().toLowerCase().optional(),
  }),
});

const patchRequest = z.looseObject({ entity: z.looseObject({}) });

/** `POST /api/entity[/{entityId}]`; the client id is the entity's id unless another is chosen. */
export function createEntity(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const id = idParam(request, 'entityId') ?? randomUUID();
  if (instance.state.entities.has(id)) throw invalidField('entityId', 'duplicate', 'This entity exists.');
  const { entity } = readBody(request, requestBody);
  const tenantId = tenantFor(request, instance, entity.tenantId);
  const clientSecret = randomBytes(32).toString('base64url');
  const kept = {
    id,
    tenantId,
    typeId: entity.type.id,
    clientId: id,
    clientSecret,
    insertInstant: instance.now(),
  };
  return store(instance, kept, entity);
}

/** `GET /api/entity/{entityId}`. */
export function retrieveEntity(request: ApiRequest, instance: Instance): Answer {
  return ok({ entity: showEntity(instance.state, existingEntity(request, instance)) } satisfies EntityBody);
}

/** `GET /api/entity/search?ids=` and `POST /api/entity/search`: by ids, or by one term of a `queryString`. */
export function searchEntities(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const named = namedTenant(request, instance);
  const entities = [...instance.state.entities.values()].filter(
    ({ tenantId }) => (named ?? tenantId) === tenantId,
  );
  const { page, total } = found(request, entities, ['name', 'clientId']);
  return ok({ entities: page.map((entity) => showEntity(instance.state, entity)), total });
}

/** `PUT /api/entity/{entityId}`: replaces all but the type; the client's id and secret stay where none are sent. */
export function updateEntity(request: ApiRequest, instance: Instance): Answer {
  const existing = existingEntity(request, instance);
  const entity = { type: { id: existing.typeId }, ...readBody(request, patchRequest).entity };
  return store(instance, existing, check(requestBody, { entity }).entity);
}

/** `PATCH /api/entity/{entityId}`. */
export function patchEntity(request: ApiRequest, instance: Instance): Answer {
  const existing = existingEntity(request, instance);
  const { typeId, ...before } = existing;
  const entity = patched(
    { ...before, type: { id: typeId } },
    readBody(request, patchRequest).entity,
    request,
  );
  return store(instance, existing, check(requestBody, { entity }).entity);
}

type Kept = Pick<EntityRecord, 'id' | 'tenantId' | 'typeId' | 'clientId' | 'clientSecret' | 'insertInstant'>;

function store(
  instance: Instance,
  { id, tenantId, typeId, insertInstant, ...kept }: Kept,
  { type, ...wanted }: z.output<typeof requestBody>['entity'],
): Answer {
  const { entities, entityTypes } = instance.state;
  const { clientId = kept.clientId, clientSecret = kept.clientSecret } = wanted;
  if ([...entities.values()].some((other) => other.clientId === clientId && other.id !== id))
    throw invalidField('entity.clientId', 'duplicate', 'Another entity has this client id.');

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
export function deleteEntity(request: ApiRequest, instance: Instance): Answer {
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
  return visible(request, instance, instance.state.entities.get(idParam(request, 'entityId') ?? ''));
}

function tenantFor(request: ApiRequest, instance: Instance, wanted: string | undefined): string {
  if (wanted === undefined) return requireTenant(request, instance);
  if (instance.state.tenants.has(wanted) && (namedTenant(request, instance) ?? wanted) === wanted)
    return wanted;
  throw invalidField('entity.tenantId', 'invalid', 'There is no such tenant, or the request names another.');
}
