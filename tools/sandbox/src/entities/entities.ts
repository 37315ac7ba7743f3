import { invalidRequest } from '../answer.js';
import type { Instance } from '../instance.js';
import type { EntityGrantRecord, EntityRecord, State } from '../state/state.js';
import type { Entity, EntityGrant } from '../wire.js';

/** Throws 400 when the setting `licensed` is off: entities are a paid feature. */
export function requireLicence({ settings }: Instance): void {
  if (!settings.licensed) throw invalidRequest('notLicensed', 'Entities need a paid plan of FusionAuth.');
}

/** The recipient of a grant: exactly one of the two. */
export interface Recipient {
  readonly recipientEntityId?: string | undefined;
  readonly userId?: string | undefined;
}

export const grantOf = (
  { entityGrants }: State,
  targetId: string,
  { recipientEntityId, userId }: Recipient,
): EntityGrantRecord | undefined =>
  [...entityGrants.values()].find(
    (grant) =>
      grant.targetId === targetId && grant.recipientEntityId === recipientEntityId && grant.userId === userId,
  );

/** Returns the entity with its type, as the API shows it; the client secret stays readable. */
export function showEntity({ entityTypes }: State, { typeId, ...entity }: EntityRecord): Entity {
  return { ...entity, type: entityTypes.get(typeId) };
}

/** Returns the grant with the entity that it is for. */
export function showGrant(state: State, { targetId, ...grant }: EntityGrantRecord): EntityGrant {
  const target = state.entities.get(targetId);
  return { ...grant, entity: target && showEntity(state, target) };
}
