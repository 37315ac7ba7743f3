import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { visible } from '../access/tenant.js';
import { type Answer, invalidField, notFound, ok } from '../answer.js';
import { jwtFields } from '../applications/fields.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { searched } from '../search.js';
import type { TenantRecord } from '../state/state.js';
import { tenantRecord } from '../tenants/record.js';
import { sameSigningKeys } from '../tokens/claims.js';
import { announce } from '../webhooks/announce.js';
import { publicKeysUpdated } from '../webhooks/happenings.js';
import type { Tenant, TenantBody } from '../wire.js';

type Fields = Tenant & Pick<TenantRecord, 'name'>;

/** The share of receivers that must accept an event before its change is made. */
export const transactionType = z.enum(['None', 'Any', 'SimpleMajority', 'SuperMajority', 'AbsoluteMajority']);
const eventSetting = z.looseObject({
  enabled: z.boolean().default(false),
  transactionType: transactionType.default('None'),
});

const requestBody = z.looseObject({
  tenant: z.looseObject({
    name: z.string().min(1),
    issuer: z.string().min(1).optional(),
    eventConfiguration: z
      .looseObject({ events: z.record(z.string(), eventSetting.prefault({})).optional() })
      .optional(),
    jwtConfiguration: jwtFields.optional(),
    passwordValidationRules: z.looseObject({ minLength: z.int().min(1).optional() }).optional(),
  }),
});
const creation = z.looseObject({
  tenant: z.looseObject({ name: z.string().min(1) }),
  sourceTenantId: z.guid().optional(),
});
const patchRequest = z.looseObject({ tenant: z.looseObject({}) });

/**
 * `POST /api/tenant[/{id}]`, from scratch or as a copy; without keys of its own it signs as the default tenant does.
 */
export function createTenant(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'id') ?? randomUUID();
  if (instance.state.tenants.has(id)) throw invalidField('tenantId', 'duplicate', 'This tenant exists.');
  const { tenant, sourceTenantId } = readBody(request, creation);
  if (sourceTenantId === undefined) return store(instance, id, readBody(request, requestBody).tenant);
  const source = instance.state.tenants.get(sourceTenantId);
  if (!source) throw invalidField('sourceTenantId', 'invalid', 'There is no such tenant.');
  const { insertInstant: _then, ...fields } = structuredClone(source);
  return store(instance, id, { ...fields, name: tenant.name });
}

/** `GET /api/tenant/{id}`, or all without an id; with a key of one tenant only that one. */
export function retrieveTenant(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'id') !== undefined)
    return ok({ tenant: existingTenant(request, instance) } satisfies TenantBody);
  const own = request.apiKey?.tenantId;
  const tenants = [...instance.state.tenants.values()].filter(({ id }) => (own ?? id) === id);
  return ok({ tenants } satisfies TenantBody);
}

/** `POST` and `GET /api/tenant/search`. */
export function searchTenants(request: ApiRequest, { state }: Instance): Answer {
  const { page, total } = searched(request, [...state.tenants.values()], ['name']);
  return ok({ tenants: page, total });
}

/** `PUT /api/tenant/{id}`. */
export async function updateTenant(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingTenant(request, instance);
  const { tenant } = readBody(request, requestBody);
  return change(request, instance, existing, { ...tenant, insertInstant: existing.insertInstant });
}

/** `PATCH /api/tenant/{id}`. */
export async function patchTenant(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingTenant(request, instance);
  const tenant = patched(existing, readBody(request, patchRequest).tenant, request);
  return change(request, instance, existing, check(requestBody, { tenant }).tenant);
}

function change(
  request: ApiRequest,
  instance: Instance,
  existing: TenantRecord,
  wanted: Fields,
): Promise<Answer> {
  const same = sameSigningKeys(existing.jwtConfiguration, wanted.jwtConfiguration);
  const affected = same ? [] : applicationsWithoutKeys(instance, existing.id);
  const happened = affected.length === 0 ? [] : publicKeysUpdated(instance, affected);
  const tenant = tenantRecord(instance, existing.id, wanted);
  return announce(instance, happened, () => keep(instance, tenant), request);
}

/** Returns the applications that sign with the tenant's keys. */
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

const store = (instance: Instance, id: string, fields: Fields): Answer =>
  keep(instance, tenantRecord(instance, id, fields));

function keep({ state }: Instance, tenant: TenantRecord): Answer {
  state.tenants.set(tenant.id, tenant);
  return ok({ tenant } satisfies TenantBody);
}
