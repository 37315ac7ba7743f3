import { z } from 'zod';
import type { ControlClient } from './client.js';

export interface NewEntity {
  readonly id: string;
  readonly name: string;
  readonly typeId: string;
  /** Chosen by us, because FusionAuth would show one of its own to every reader again. */
  readonly clientSecret: string;
}

const entityRecord = z.object({ entity: z.object({ id: z.string(), type: z.object({ id: z.string() }) }) });
const grantRecord = z.object({ grant: z.object({ permissions: z.array(z.string()).default([]) }) });
const tokenAnswer = z.object({ access_token: z.string().min(1) });

/** Manages entities that represent machines, and their grants; a paid feature, declined with 400 without a licence. */
export function entities({ answered, accepted, found, removed }: ControlClient) {
  /** Returns the type of an entity; undefined if it does not exist. */
  const typeOf = async (id: string): Promise<string | undefined> =>
    (await found('GET /api/entity', (client) => client.retrieveEntity(id), entityRecord))?.entity.type.id;
  return {
    async make({ id, name, typeId, clientSecret }: NewEntity): Promise<void> {
      const entity = { name, type: { id: typeId }, clientId: id, clientSecret };
      await answered('POST /api/entity', (client) => client.createEntity(id, { entity }), entityRecord);
    },
    typeOf,
    /** Replaces the permissions of the recipient on the target. */
    grant: (targetId: string, recipientEntityId: string, permissions: readonly string[]) =>
      accepted('POST /api/entity/grant', (client) =>
        client.upsertEntityGrant(targetId, { grant: { recipientEntityId, permissions: [...permissions] } }),
      ),
    granted: async (targetId: string, recipientId: string): Promise<readonly string[] | undefined> => {
      // The client would send "undefined" for a missing parameter, but sends nothing for an empty list.
      const noUser = [] as unknown as string;
      const answer = await found(
        'GET /api/entity/grant',
        (client) => client.retrieveEntityGrant(targetId, recipientId, noUser),
        grantRecord,
      );
      return answer?.grant.permissions;
    },
    /** Obtains an access token for the entity, as the client itself will (RFC 6749 section 4.4). */
    async obtainToken(id: string, clientSecret: string, targetId: string): Promise<string> {
      const scope = `target-entity:${targetId}`;
      const answer = await answered(
        'POST /oauth2/token',
        (client) => client.clientCredentialsGrant(id, clientSecret, scope),
        tokenAnswer,
      );
      return answer.access_token;
    },
    /** Removes the entity with its grants. */
    remove: (id: string) =>
      removed(
        'DELETE /api/entity',
        (client) => client.deleteEntity(id),
        async () => (await typeOf(id)) === undefined,
      ),
  };
}
