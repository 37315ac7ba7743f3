import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, empty, invalidField, invalidRequest, notFound, ok } from '../answer.js';
import { check, readBody } from '../body.js';
import { grantOf, type Recipient, showGrant } from '../entities/entities.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { EntityRecord } from '../state/state.js';
import type { EntityGrantBody } from '../wire.js';
import { existingEntity } from './entity.js';
import { operation } from './operation.js';

const recipient = z.looseObject({
  recipientEntityId: z.guid().toLowerCase().optional(),
  userId: z.guid().toLowerCase().optional(),
});
const requestBody = z.looseObject({
  grant: recipient.extend({ permissions: z.array(z.string()).optional() }),
});

/** `POST /api/entity/{entityId}/grant`: creates or replaces the recipient's permissions on the entity. */
function upsertGrant(request: ApiRequest, instance: Instance): Answer {
  const target = existingEntity(request, instance);
  const { permissions: wanted, ...fields } = readBody(request, requestBody).grant;
  const to = onlyOne(target, instance, fields);
  const permissions = checkPermissions(instance, target, wanted);
  const now = instance.now();
  const existing = grantOf(instance.state, target.id, to);
  const { id = randomUUID(), insertInstant = now } = existing ?? {};
  const grant = {
    ...fields,
    ...to,
    id,
    targetId: target.id,
    permissions,
    insertInstant,
    lastUpdateInstant: now,
  };
  instance.state.entityGrants.set(id, grant);
  return empty(200);
}

/**
 * `GET /api/entity/{entityId}/grant?recipientEntityId=|userId=`: one grant; without either, all grants on the entity.
 */
function retrieveGrant(request: ApiRequest, instance: Instance): Answer {
  const target = existingEntity(request, instance);
  const { recipientEntityId, userId } = check(recipient, Object.fromEntries(request.query));
  if (recipientEntityId === undefined && userId === undefined) {
    const grants = [...instance.state.entityGrants.values()].filter(({ targetId }) => targetId === target.id);
    return ok({ grants: grants.map((grant) => showGrant(instance.state, grant)) } satisfies EntityGrantBody);
  }
  const grant = grantOf(instance.state, target.id, { recipientEntityId, userId });
  if (!grant) throw notFound();
  return ok({ grant: showGrant(instance.state, grant) } satisfies EntityGrantBody);
}

/** `DELETE /api/entity/{entityId}/grant?recipientEntityId=|userId=`. */
function deleteGrant(request: ApiRequest, instance: Instance): Answer {
  const target = existingEntity(request, instance);
  const { recipientEntityId, userId } = check(recipient, Object.fromEntries(request.query));
  const grant = grantOf(instance.state, target.id, { recipientEntityId, userId });
  if (!grant) throw notFound();
  instance.state.entityGrants.delete(grant.id);
  return empty(200);
}

/** Returns the recipient: exactly one of an entity or a user, of the target's tenant. */
function onlyOne(
  { tenantId }: EntityRecord,
  instance: Instance,
  { recipientEntityId, userId }: Recipient,
): Recipient {
  if ((recipientEntityId === undefined) === (userId === undefined))
    throw invalidRequest('invalidRecipient', 'Name either grant.recipientEntityId or grant.userId.');

  const { entities, users } = instance.state;
  const known = recipientEntityId === undefined ? users.get(userId ?? '') : entities.get(recipientEntityId);
  if (known?.tenantId !== tenantId)
    throw invalidRequest('invalidRecipient', 'There is no such recipient in the tenant of the entity.');
  return { recipientEntityId, userId };
}

/** Returns permissions of the target's type; the default ones when none are named. */
function checkPermissions(
  instance: Instance,
  { typeId }: EntityRecord,
  wanted: string[] | undefined,
): string[] {
  const all = instance.state.entityTypes.get(typeId)?.permissions ?? [];
  if (!wanted) return all.flatMap(({ name, isDefault }) => (isDefault && name ? [name] : []));
  const unknown = wanted.find((permission) => !all.some(({ name }) => name === permission));
  if (unknown === undefined) return wanted;
  throw invalidField('grant.permissions', 'invalid', `The entity's type has no permission ${unknown}.`);
}

export const entityGrantOperations = [
  operation('POST', '/api/entity/:entityId/grant', 'api-key', upsertGrant),
  operation('GET', '/api/entity/:entityId/grant', 'api-key', retrieveGrant),
  operation('DELETE', '/api/entity/:entityId/grant', 'api-key', deleteGrant),
];
