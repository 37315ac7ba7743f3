import { randomBytes, randomUUID } from 'node:crypto';
import type { StrategyName } from '#gatehouse/auth';
import { tenantId } from '../../tools/issuer/src/token-minter.js';
import { recordApiKey } from '../support/record-api-key.js';
import type { World } from '../support/start-world.js';
import { type AdminWorld, callAdmin } from './contract-world.js';
import type { Issued } from './mode.js';
import { issueAccessToken, newPerson } from './people.js';

type Issue = (roles: readonly string[]) => Promise<Issued>;

/** Returns functions that issue a credential with given roles for a Todo API, by strategy. */
export function issuersFor(world: World): Record<StrategyName, Issue> {
  const admin: AdminWorld = { sandbox: world.sandbox, admin: (...call) => callAdmin(world.sandbox, ...call) };
  return {
    jwt: (roles) => issueAccessToken(admin, { roles }),
    async 'email-token'(roles) {
      const { email, authenticationToken = '' } = await newPerson(admin, { roles });
      const pair = Buffer.from(`${email}:${authenticationToken}`).toString('base64');
      return { headers: { authorization: `Basic ${pair}` }, secrets: [authenticationToken, pair] };
    },
    async 'api-key'(roles) {
      const [key, id] = [randomBytes(24).toString('base64url'), randomUUID()];
      const manager = world.sandbox.secrets['FUSIONAUTH_MANAGER_KEY'];
      const apiKey = { key, tenantId, permissions: { endpoints: { '/api/group': ['GET'] } } };
      await callAdmin(world.sandbox, 'POST', `/api/api-key/${id}`, { apiKey }, tenantId, manager);
      await recordApiKey(world, key, roles);
      return { headers: { 'x-api-key': key }, secrets: [key] };
    },
  };
}
