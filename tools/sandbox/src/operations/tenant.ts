import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { visible } from '../access/tenant.js';
import { type Answer, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { TenantRecord } from '../state/state.js';
import type { Tenant, TenantBody } from '../wire.js';
import type { Call, World } from '../world.js';

type Fields = Tenant & Pick<TenantRecord, 'name' | 'issuer'>;

const request = z.looseObject({
  tenant: z.looseObject({ name: z.string().min(1), issuer: z.string().min(1).default('acme.com') }),
});
const patchRequest = z.looseObject({ tenant: z.looseObject({}) });

/** `POST /api/tenant[/{id}]`; without token settings of its own it signs as the default tenant does. */
export function createTenant(call: Call, world: World): Answer {
  const id = idParam(call, 'id') ?? randomUUID();
  if (world.state.tenants.has(id)) throw invalidField('tenantId', 'duplicate', 'This tenant exists.');
  const { tenant } = readBody(call, request);
  const jwtConfiguration = world.state.tenants.get(world.state.defaultTenantId)?.jwtConfiguration;
  return store(world, id, { jwtConfiguration, ...(tenant as Fields), insertInstant: world.now() });
}

/** `GET /api/tenant/{id}`. */
export const retrieveTenant = (call: Call, world: World): Answer =>
  ok({ tenant: existingTenant(call, world) } satisfies TenantBody);

/** `PATCH /api/tenant/{id}`. */
export function patchTenant(call: Call, world: World): Answer {
  const existing = existingTenant(call, world);
  const tenant = patched(existing, readBody(call, patchRequest).tenant, call);
  return store(world, existing.id, check(request, { tenant }).tenant);
}

function existingTenant(call: Call, world: World): TenantRecord {
  const existing = world.state.tenants.get(idParam(call, 'id') ?? '');
  if (!existing) throw notFound();
  visible(call, world, { tenantId: existing.id });
  return existing;
}

function store(world: World, id: string, fields: Fields): Answer {
  const tenant: TenantRecord = { ...fields, id, lastUpdateInstant: world.now() };
  world.state.tenants.set(id, tenant);
  return ok({ tenant } satisfies TenantBody);
}
