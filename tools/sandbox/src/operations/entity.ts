import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant, requireTenant, visible } from '../access/tenant.js';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { idParam, readBody } from '../body.js';
import { requireLicence, showEntity } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { EntityRecord } from '../state/state.js';
import type { EntityBody } from '../wire.js';

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
export function createEntity(request: ApiRequest, instance: Instance): Answer {
  requireLicence(instance);
  const { entities, entityTypes } = instance.state;
  const id = idParam(request, 'entityId') ?? randomUUID();
  const { type, ...wanted } = readBody(request, requestBody).entity;
  const tenantId = tenantFor(request, instance, wanted.tenantId);
  const { clientId = id, clientSecret = randomBytes(32).toString('base64url') } = wanted;
  if (entities.has(id)) throw invalidField('entityId', 'duplicate', 'This entity exists.');
  if ([...entities.values()].some((other) => other.clientId === clientId))
    throw invalidField('entity.clientId', 'duplicate', 'Another entity has this client id.');

  if (!entityTypes.has(type.id))
    throw invalidField('entity.type.id', 'invalid', 'There is no such entity type.');

  const now = instance.now();
  const times = { insertInstant: now, lastUpdateInstant: now };
  const entity = { ...wanted, ...times, id, tenantId, typeId: type.id, clientId, clientSecret };
  entities.set(id, entity);
  return ok({ entity: showEntity(instance.state, entity) } satisfies EntityBody);
}

/** `GET /api/entity/{entityId}`. */
export function retrieveEntity(request: ApiRequest, instance: Instance): Answer {
  return ok({ entity: showEntity(instance.state, existingEntity(request, instance)) } satisfies EntityBody);
}

/** `DELETE /api/entity/{entityId}`, with every grant to it and for it. */
export function deleteEntity(request: ApiRequest, instance: Instance): Answer {
  const { id } = existingEntity(request, instance);
  const { entities, entityGrants } = instance.state;
  entities.delete(id);
  for (const grant of entityGrants.values())
    if (grant.targetId === id || grant.recipientEntityId === id) entityGrants.delete(grant.id);

  return empty(200);
}

/** The entity in the path. Throws 404, or 400 without a licence. */
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
