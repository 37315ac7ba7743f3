import { secretText } from '#gatehouse/platform';
import { z } from 'zod';
import type { ControlClient } from './client.js';

export interface NewApiKey {
  readonly id: string;
  /** The key's own text, chosen by us. */
  readonly key: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
  /** `GET /api/group` and the like; by default the probe group alone. Never empty: that would permit everything. */
  readonly permissions?: readonly string[];
}

const record = z.object({
  apiKey: z.object({
    /** Its own text, shown of keys that are retrievable. */
    key: secretText().optional().catch(undefined),
    keyManager: z.boolean().default(false),
    tenantId: z.string().optional(),
    expirationInstant: z.number().optional(),
    permissions: z
      .object({ endpoints: z.record(z.string(), z.array(z.string())).default({}) })
      .default({ endpoints: {} }),
  }),
});

/** What FusionAuth keeps of an API key. */
export type ApiKeyRecord = z.output<typeof record>['apiKey'];

export function apiKeys({ client, done, found, gone }: ControlClient, tenantId: string) {
  return {
    /** Makes a key of the tenant that may do what is named and nothing else. */
    async make({ id, key, description, expiresAt, permissions = ['GET /api/group'] }: NewApiKey) {
      if (permissions.length === 0) throw new Error('a key without permissions may do everything');
      const apiKey = {
        key,
        tenantId,
        permissions: { endpoints: byEndpoint(permissions) },
        metaData: { attributes: { description } },
        ...(expiresAt === undefined ? {} : { expirationInstant: expiresAt }),
      };
      await done('POST /api/api-key', client.createAPIKey(id, { apiKey: apiKey }));
    },
    /** Undefined when FusionAuth has no such key. */
    read: async (id: string): Promise<ApiKeyRecord | undefined> => {
      const answer = await found('GET /api/api-key', client.retrieveAPIKey(id));
      return answer && record.parse(answer).apiKey;
    },
    /** Lets FusionAuth end it; a key that is gone has ended. */
    expire: (id: string, expirationInstant: number) =>
      gone('PATCH /api/api-key', client.patchAPIKey(id, { apiKey: { expirationInstant } })),
    remove: (id: string) => gone('DELETE /api/api-key', client.deleteAPIKey(id)),
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
