import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { visible } from '../access/tenant.js';
import { type Answer, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { TenantRecord } from '../state/state.js';
import { sameSigningKeys } from '../tokens/claims.js';
import { announce } from '../webhooks/announce.js';
import { publicKeysUpdated } from '../webhooks/happenings.js';
import type { Tenant, TenantBody } from '../wire.js';

type Fields = Tenant & Pick<TenantRecord, 'name' | 'issuer'>;

/** How many receivers must take an event before the change that it tells of is made. */
export const transactionType = z.enum(['None', 'Any', 'SimpleMajority', 'SuperMajority', 'AbsoluteMajority']);
const eventSetting = z.looseObject({
  enabled: z.boolean().default(false),
  transactionType: transactionType.default('None'),
});

const requestBody = z.looseObject({
  tenant: z.looseObject({
    name: z.string().min(1),
    issuer: z.string().min(1).default('acme.com'),
    eventConfiguration: z
      .looseObject({ events: z.record(z.string(), eventSetting.prefault({})).optional() })
      .optional(),
  }),
});
const patchRequest = z.looseObject({ tenant: z.looseObject({}) });

/** `POST /api/tenant[/{id}]`; without token settings of its own it signs as the default tenant does. */
export function createTenant(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'id') ?? randomUUID();
  if (instance.state.tenants.has(id)) throw invalidField('tenantId', 'duplicate', 'This tenant exists.');
  const { tenant } = readBody(request, requestBody);
  const jwtConfiguration = instance.state.tenants.get(instance.state.defaultTenantId)?.jwtConfiguration;
  return store(instance, id, { jwtConfiguration, ...(tenant as Fields), insertInstant: instance.now() });
}

/** `GET /api/tenant/{id}`. */
export const retrieveTenant = (request: ApiRequest, instance: Instance): Answer =>
  ok({ tenant: existingTenant(request, instance) } satisfies TenantBody);

/** `PATCH /api/tenant/{id}`. */
export async function patchTenant(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingTenant(request, instance);
  const patch = patched(existing, readBody(request, patchRequest).tenant, request);
  const wanted = check(requestBody, { tenant: patch }).tenant as Fields;
  const same = sameSigningKeys(existing.jwtConfiguration, wanted.jwtConfiguration);
  const affected = same ? [] : applicationsWithoutKeys(instance, existing.id);
  const happened = affected.length === 0 ? [] : publicKeysUpdated(instance, affected);
  return announce(instance, happened, () => store(instance, existing.id, wanted), request);
}

/** The applications that sign with the tenant's keys. */
const applicationsWithoutKeys = ({ state }: Instance, wanted: string): string[] =>
  [...state.applications.values()].flatMap(({ id, tenantId, jwtConfiguration }) =>
    tenantId === wanted && !jwtConfiguration?.enabled ? [id] : [],
  );

function existingTenant(request: ApiRequest, instance: Instance): TenantRecord {
  const existing = instance.state.tenants.get(idParam(request, 'id') ?? '');
  if (!existing) throw notFound();
  visible(request, instance, { tenantId: existing.id });
  return existing;
}

function store(instance: Instance, id: string, fields: Fields): Answer {
  const tenant: TenantRecord = { ...fields, id, lastUpdateInstant: instance.now() };
  instance.state.tenants.set(id, tenant);
  return ok({ tenant } satisfies TenantBody);
}
