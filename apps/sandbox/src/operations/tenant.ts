import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { visible } from '../access/tenant.js';
import { ok, type Answer } from '../answer.js';
import { idParam, patched, readBody } from '../body.js';
import { invalidField } from '../errors.js';
import type { TenantRecord } from '../state/state.js';
import type { Tenant, TenantBody } from '../wire.js';
import type { Call, World } from '../world.js';

const fields = z.looseObject({ name: z.string().min(1), issuer: z.string().min(1).default('acme.com') });
const request = z.looseObject({ tenant: fields });
const patchRequest = z.looseObject({ tenant: z.looseObject({}) });

/** `POST /api/tenant[/{id}]`; token settings that are left out are the default tenant's. */
export function createTenant(call: Call, world: World): Answer {
  const id = idParam(call, 'id') ?? randomUUID();
  if (world.state.tenants.has(id)) throw invalidField('tenantId', 'duplicate', 'This tenant exists.');
  const jwtConfiguration = world.state.tenants.get(world.state.defaultTenantId)?.jwtConfiguration;
  const { tenant } = readBody(call, request);
  return store(world, {
    jwtConfiguration,
    ...(tenant as Tenant & typeof tenant),
    id,
    insertInstant: world.now(),
  });
}

/** `GET /api/tenant/{id}`. */
export function retrieveTenant(call: Call, world: World): Answer {
  return ok<TenantBody>({ tenant: existingTenant(call, world) });
}

/** `PATCH /api/tenant/{id}`. */
export function patchTenant(call: Call, world: World): Answer {
  const existing = existingTenant(call, world);
  const tenant = patched<TenantRecord>(existing, readBody(call, patchRequest).tenant, call);
  return store(world, { ...tenant, ...fields.parse(tenant), id: existing.id });
}

function store(world: World, tenant: TenantRecord): Answer {
  const stored = { ...tenant, lastUpdateInstant: world.now() };
  world.state.tenants.set(stored.id, stored);
  return ok<TenantBody>({ tenant: stored });
}

function existingTenant(call: Call, world: World): TenantRecord {
  const tenant = world.state.tenants.get(idParam(call, 'id') ?? '');
  visible(call, world, tenant && { tenantId: tenant.id });
  return tenant as TenantRecord;
}
