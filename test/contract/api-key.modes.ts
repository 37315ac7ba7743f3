import { randomBytes, randomUUID } from 'node:crypto';
import { tenantId } from '../../tools/issuer/src/token-minter.js';
import type { ContractWorld } from './contract-world.js';
import type { Issued, Mode } from './mode.js';
import { otherTenant } from './people.js';

const presented = (key: string, keyId?: string): Issued => ({
  headers: { 'x-api-key': key },
  secrets: [key],
  ...(keyId === undefined ? {} : { keyId }),
});

const randomKey = () => randomBytes(32).toString('base64url');
const probeOnly = { endpoints: { '/api/group': ['GET'] } };

async function issueKey(
  world: ContractWorld,
  tenant = tenantId,
  permissions: object = probeOnly,
): Promise<Issued> {
  const [key, id] = [randomKey(), randomUUID()];
  await world.admin('POST', `/api/api-key/${id}`, { apiKey: { key, tenantId: tenant, permissions } });
  return presented(key, id);
}

export const apiKeyModes: readonly Mode[] = [
  {
    name: 'api-key',
    env: { AUTH_STRATEGY: 'api-key' },
    calls: ['GET /api/group', 'GET /api/user', 'GET /api/application'],
    issue: (world) => issueKey(world),
    tricks: {
      malformed: [
        'short',
        'with space in the middle of it',
        'Bearer abcdefghijklmnopqrstuvwx',
        'k'.repeat(257),
      ].map((key) => ({ 'x-api-key': key })),
      unknown: () => Promise.resolve(presented(randomKey())),
      otherTenant: async (world) => issueKey(world, (await otherTenant(world)).tenantId),
      overPrivileged: (world) => issueKey(world, tenantId, { endpoints: {} }),
      revoke: (world, { keyId }) => world.admin('DELETE', `/api/api-key/${keyId ?? ''}`),
      async expire(world, { keyId, secrets: [key] }) {
        const expirationInstant = world.sandbox.clock.now() + 60_000;
        await world.admin('PUT', `/api/api-key/${keyId ?? ''}`, {
          apiKey: { key, tenantId, permissions: probeOnly, expirationInstant },
        });
        world.sandbox.clock.advance(60_000);
      },
    },
  },
];
