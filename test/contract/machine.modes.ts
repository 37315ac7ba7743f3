import { randomBytes, randomUUID } from 'node:crypto';
import { tenantId, tokenMinter } from '../../tools/issuer/src/token-minter.js';
import type { ContractWorld } from './contract-world.js';
import type { Issued, IssueOptions, Mode, Tricks } from './mode.js';
import { bearer, otherTenant, readerRoles } from './people.js';

/** The entity in the kickstart file that represents the Todo API, and its type. */
export const todoApiEntity = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
const entityType = '6e1c2f7a-90b4-4d53-8f0e-3a7d5b9c1e02';

interface Machine {
  readonly id: string;
  readonly secret: string;
}

async function newEntity(world: ContractWorld, tenant = tenantId): Promise<Machine> {
  const id = randomUUID();
  const secret = randomBytes(24).toString('base64url');
  const entity = { name: `Machine ${id}`, type: { id: entityType }, clientId: id, clientSecret: secret };
  await world.admin('POST', `/api/entity/${id}`, { entity }, tenant);
  return { id, secret };
}

const grant = (
  world: ContractWorld,
  target: string,
  recipient: string,
  permissions: readonly string[],
  tenant = tenantId,
) => {
  const body = { grant: { recipientEntityId: recipient, permissions } };
  return world.admin('POST', `/api/entity/${target}/grant`, body, tenant);
};

async function tokenFor(world: ContractWorld, machine: Machine, target: string): Promise<Issued> {
  const answer = await fetch(`${world.sandbox.url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: machine.id,
      client_secret: machine.secret,
      scope: `target-entity:${target}`,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (!token) throw new Error(`client credentials answered ${answer.status}`);
  return { headers: bearer(token), secrets: [token, machine.secret], entityId: machine.id };
}

async function issueMachineToken(world: ContractWorld, options: IssueOptions = {}): Promise<Issued> {
  const machine = await newEntity(world);
  await grant(world, todoApiEntity, machine.id, options.roles ?? readerRoles);
  return tokenFor(world, machine, todoApiEntity);
}

async function forAnotherEntity(world: ContractWorld): Promise<Issued> {
  const [machine, other] = [await newEntity(world), await newEntity(world)];
  await grant(world, other.id, machine.id, readerRoles);
  return tokenFor(world, machine, other.id);
}

/** Returns a token of a machine of another tenant for an API there; it is signed with one of our keys. */
async function ofAnotherTenant(world: ContractWorld): Promise<Issued> {
  const { tenantId: tenant } = await otherTenant(world);
  const [machine, theirApi] = [await newEntity(world, tenant), await newEntity(world, tenant)];
  await grant(world, theirApi.id, machine.id, readerRoles, tenant);
  return tokenFor(world, machine, theirApi.id);
}

const tricks: Tricks = {
  malformed: [{ authorization: 'Bearer' }, { authorization: 'Bearer a b' }],
  unknown: async () => {
    const forger = tokenMinter();
    const claims = {
      aud: todoApiEntity,
      applicationId: undefined,
      roles: undefined,
      permissions: readerRoles,
    };
    const token = await forger.mint(claims);
    return { headers: bearer(token), secrets: [token] };
  },
  wrongAudience: forAnotherEntity,
  otherTenant: ofAnotherTenant,
  expire: (world) => Promise.resolve(world.sandbox.clock.advance(3_631_000)),
};

const env = { AUTH_STRATEGY: 'jwt', FUSIONAUTH_ENTITY_ID: todoApiEntity };

export const machineModes: readonly Mode[] = [
  { name: 'client-credentials/local', env, calls: [], issue: issueMachineToken, tricks },
  {
    name: 'client-credentials/introspection',
    env: { ...env, JWT_VALIDATION: 'introspection' },
    calls: ['POST /oauth2/introspect'],
    issue: issueMachineToken,
    tricks,
  },
  {
    name: 'client-credentials/session',
    env: { ...env, JWT_VALIDATION: 'session' },
    calls: ['GET /api/entity', 'GET /api/entity/grant'],
    issue: issueMachineToken,
    tricks: {
      ...tricks,
      async revoke(world, { entityId }) {
        await world.admin('DELETE', `/api/entity/${todoApiEntity}/grant?recipientEntityId=${entityId ?? ''}`);
      },
      async removeUser(world, { entityId }) {
        await world.admin('DELETE', `/api/entity/${entityId ?? ''}`);
      },
      setRoles: (world, { entityId }, roles) => grant(world, todoApiEntity, entityId ?? '', roles),
    },
  },
];
