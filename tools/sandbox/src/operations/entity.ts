import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, requireVisible, visibleRecords } from '../access/tenant.js';
import { invalidField } from '../answer.js';
import { idParam } from '../body.js';
import { requireLicence, showEntity } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import { requireUnique } from '../records.js';
import type { EntityRecord } from '../state/state.js';
import { type Change, resourceOperations } from './resource.js';
import { findByQuery } from './user-search.js';

const fields = z.looseObject({
  name: z.string().min(1),
  type: z.looseObject({ id: z.guid().toLowerCase() }),
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  tenantId: z.guid().toLowerCase().optional(),
});

/** The client id is the entity's id, and the secret random, unless others are chosen; both stay where none are sent. */
function save(
  { request, instance, existing, stamps }: Change<EntityRecord>,
  { type, ...wanted }: z.output<typeof fields>,
): EntityRecord {
  const { entities, entityTypes } = instance.state;
  const { tenantId, typeId, ...before } = existing ?? {
    tenantId: tenantFor(request, instance, wanted.tenantId),
    typeId: type.id,
    clientId: stamps.id,
    clientSecret: randomBytes(32).toString('base64url'),
  };
  const { clientId = before.clientId, clientSecret = before.clientSecret } = wanted;
  const entity: EntityRecord = { ...wanted, ...stamps, tenantId, typeId, clientId, clientSecret };
  requireUnique(entities.values(), entity, 'clientId', 'entity.clientId');
  if (!entityTypes.has(typeId))
    throw invalidField('entity.type.id', 'invalid', 'There is no such entity type.');
  if (type.id !== typeId)
    throw invalidField('entity.type.id', 'invalid', 'The type of an entity cannot be changed.');
  entities.set(entity.id, entity);
  return entity;
}

/** Deletes an entity, with every grant to it and on it. */
function remove({ instance }: Pick<Change<EntityRecord>, 'instance'>, { id }: EntityRecord): void {
  const { entities, entityGrants } = instance.state;
  entities.delete(id);
  for (const grant of entityGrants.values())
    if (grant.targetId === id || grant.recipientEntityId === id) entityGrants.delete(grant.id);
}

function all(request: ApiRequest, instance: Instance): EntityRecord[] {
  requireLicence(instance);
  return visibleRecords(request, instance, instance.state.entities);
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

/** `/api/entity[/{entityId}]`; a search finds entities by ids, or by one term of a `queryString`. */
export const entityOperations = resourceOperations({
  path: '/api/entity',
  one: 'entity',
  several: 'entities',
  access: 'api-key',
  fields,
  all,
  taken: ({ state }) => state.entities,
  save,
  remove,
  show: (entity, { state }) => showEntity(state, entity),
  optional: ['type'],
  retrieval: 'one',
  searchBy: ['name', 'clientId'],
  search: findByQuery,
});
