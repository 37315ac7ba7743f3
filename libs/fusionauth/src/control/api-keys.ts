import { z } from 'zod';
import { secretText } from '#gatehouse/platform';
import { FusionAuthRefusedUs } from '../unavailable.js';
import type { ControlClient } from './client.js';

export interface NewApiKey {
  readonly id: string;
  /** The text of the key, which we choose. */
  readonly key: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
  /**
   * Permissions such as `GET /api/group`; by default only that, for the probe group. Never empty, which would permit
   * everything.
   */
  readonly permissions?: readonly string[];
}

const record = z.object({
  apiKey: z.object({
    /** The text of the key, which FusionAuth returns for retrievable keys. */
    key: secretText().optional().catch(undefined),
    keyManager: z.boolean().default(false),
    tenantId: z.string().optional(),
    expirationInstant: z.number().optional(),
    permissions: z
      .object({ endpoints: z.record(z.string(), z.array(z.string())).default({}) })
      .default({ endpoints: {} }),
  }),
});

/** FusionAuth's record of an API key. */
export type ApiKeyRecord = z.output<typeof record>['apiKey'];

export function apiKeys({ answered, found, changed, removed }: ControlClient, tenantId: string) {
  /** Reads a key; undefined if it does not exist. */
  const read = async (id: string): Promise<ApiKeyRecord | undefined> =>
    (await found('GET /api/api-key', (client) => client.retrieveAPIKey(id), record))?.apiKey;
  const isGone = (id: string) => async () => (await read(id)) === undefined;
  const remove = (id: string, gone = isGone(id)) =>
    removed('DELETE /api/api-key', (client) => client.deleteAPIKey(id), gone);
  return {
    /** Creates a key of the tenant with only the given permissions. */
    async make({ id, key, description, expiresAt, permissions = ['GET /api/group'] }: NewApiKey) {
      if (permissions.length === 0) throw new Error('a key without permissions may do everything');
      const apiKey = {
        key,
        tenantId,
        permissions: { endpoints: byEndpoint(permissions) },
        metaData: { attributes: { description } },
        ...(expiresAt === undefined ? {} : { expirationInstant: expiresAt }),
      };
      await answered('POST /api/api-key', (client) => client.createAPIKey(id, { apiKey }), record);
    },
    read,
    /** Sets its expiry; a key that no longer exists counts as expired. */
    expire: (id: string, expirationInstant: number) =>
      changed(
        'PATCH /api/api-key',
        (client) => client.patchAPIKey(id, { apiKey: { expirationInstant } }),
        z.object({ apiKey: z.object({ expirationInstant: z.literal(expirationInstant) }) }),
        isGone(id),
      ),
    remove: (id: string) => remove(id),
    /** Removes the key that makes the call; it is gone when FusionAuth refuses it. */
    removeOwn: (id: string) =>
      remove(id, () =>
        isGone(id)().catch((error: unknown) => {
          if (error instanceof FusionAuthRefusedUs) return true;
          throw error;
        }),
      ),
  };
}

function byEndpoint(permissions: readonly string[]): Record<string, string[]> {
  const pairs = permissions.map((permission) => permission.split(' '));
  return Object.fromEntries(
    pairs.map(([, endpoint = '']) => [
      endpoint,
      pairs.filter(([, other]) => other === endpoint).map(([method = '']) => method),
    ]),
  );
}
