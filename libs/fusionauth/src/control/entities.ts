import { z } from 'zod';
import type { ControlClient } from './client.js';

export interface NewEntity {
  readonly id: string;
  readonly name: string;
  readonly typeId: string;
  /** Chosen by us: FusionAuth would show its own again to every reader. */
  readonly clientSecret: string;
}

const entityRecord = z.object({ entity: z.object({ id: z.string(), type: z.object({ id: z.string() }) }) });
const grantRecord = z.object({ grant: z.object({ permissions: z.array(z.string()).default([]) }) });

/** Entities that stand for machines, and what they are granted; a paid feature, declined with 400 without a licence. */
export function entities({ client, done, found, gone }: ControlClient) {
  return {
    make: ({ id, name, typeId, clientSecret }: NewEntity) =>
      done(
        'POST /api/entity',
        client.createEntity(id, { entity: { name, type: { id: typeId }, clientId: id, clientSecret } }),
      ),
    /** The type of an entity; undefined when there is no such entity. */
    typeOf: async (id: string): Promise<string | undefined> => {
      const answer = await found('GET /api/entity', client.retrieveEntity(id));
      return answer && entityRecord.parse(answer).entity.type.id;
    },
    /** What the recipient may do to the target from now on, instead of what it might before. */
    grant: (targetId: string, recipientEntityId: string, permissions: readonly string[]) =>
      done(
        'POST /api/entity/grant',
        client.upsertEntityGrant(targetId, { grant: { recipientEntityId, permissions: [...permissions] } }),
      ),
    granted: async (targetId: string, recipientId: string): Promise<readonly string[] | undefined> => {
      // The client would send "undefined" for a parameter that is left out; of an empty list it sends nothing.
      const noUser = [] as unknown as string;
      const call = client.retrieveEntityGrant(targetId, recipientId, noUser);
      const answer = await found('GET /api/entity/grant', call);
      return answer && grantRecord.parse(answer).grant.permissions;
    },
    /** Obtains a token for the entity, as the client itself will, and forgets it (RFC 6749 section 4.4). */
    tryOut: (id: string, clientSecret: string, targetId: string) =>
      done(
        'POST /oauth2/token',
        client.clientCredentialsGrant(id, clientSecret, `target-entity:${targetId}`),
      ),
    /** With its grants. */
    remove: (id: string) => gone('DELETE /api/entity', client.deleteEntity(id)),
  };
}
