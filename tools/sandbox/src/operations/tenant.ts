import { z } from 'zod';
import { requireVisible } from '../access/tenant.js';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { jwtFields } from '../applications/fields.js';
import { idParam, readBody, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId, requireRecord } from '../records.js';
import { searchRecords } from '../search.js';
import type { TenantRecord } from '../state/state.js';
import { tenantRecord } from '../tenants/record.js';
import { sameSigningKeys } from '../tokens/claims.js';
import { announce } from '../webhooks/announce.js';
import { publicKeysUpdated, userDeleted } from '../webhooks/events.js';
import type { Tenant, TenantBody } from '../wire.js';
import { operationsOn } from './operation.js';
import { removeUser } from './user.js';

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
    externalIdentifierConfiguration: z
      .looseObject({ authorizationGrantIdTimeToLiveInSeconds: z.int().min(1).max(600).optional() })
      .optional(),
    jwtConfiguration: jwtFields.optional(),
    passwordValidationRules: z.looseObject({ minLength: z.int().min(1).optional() }).optional(),
  }),
});
const creation = z.looseObject({
  tenant: z.looseObject({ name: z.string().min(1) }),
  sourceTenantId: z.guid().optional(),
});

/**
 * `POST /api/tenant[/{tenantId}]`, from scratch or as a copy; without keys of its own it signs as the default tenant does.
 */
function createTenant(request: ApiRequest, instance: Instance): Answer {
  const id = newId(request, 'tenantId', instance.state.tenants);
  const { tenant, sourceTenantId } = readBody(request, creation);
  if (sourceTenantId === undefined) return store(instance, id, readBody(request, requestBody).tenant);
  const source = instance.state.tenants.get(sourceTenantId);
  if (!source) throw invalidField('sourceTenantId', 'invalid', 'There is no such tenant.');
  const { insertInstant: _then, ...fields } = structuredClone(source);
  return store(instance, id, { ...fields, name: tenant.name });
}

/** `GET /api/tenant/{tenantId}`, or all without an id; with a key of one tenant only that one. */
function retrieveTenant(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'tenantId') !== undefined)
    return ok({ tenant: existingTenant(request, instance) } satisfies TenantBody);
  const own = request.apiKey?.tenantId;
  const tenants = [...instance.state.tenants.values()].filter(({ id }) => (own ?? id) === id);
  return ok({ tenants } satisfies TenantBody);
}

/** `POST` and `GET /api/tenant/search`. */
function searchTenants(request: ApiRequest, { state }: Instance): Answer {
  const { page, total } = searchRecords(request, [...state.tenants.values()], ['name']);
  return ok({ tenants: page, total });
}

/** `PUT /api/tenant/{tenantId}`. */
async function updateTenant(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingTenant(request, instance);
  const { tenant } = readBody(request, requestBody);
  return change(request, instance, existing, { ...tenant, insertInstant: existing.insertInstant });
}

/** `PATCH /api/tenant/{tenantId}`. */
async function patchTenant(request: ApiRequest, instance: Instance): Promise<Answer> {
  const existing = existingTenant(request, instance);
  const { tenant } = readPatch(request, requestBody, 'tenant', existing);
  return change(request, instance, existing, tenant);
}

/**
 * `DELETE /api/tenant/{tenantId}`: with everything that belongs to the tenant; each of its users has an event. With
 * `?async=true` the answer is 202. The default tenant cannot be deleted.
 */
async function deleteTenant(request: ApiRequest, instance: Instance): Promise<Answer> {
  const { state } = instance;
  const { id } = existingTenant(request, instance);
  if (id === state.defaultTenantId)
    throw invalidField('tenantId', 'default', 'The default tenant cannot be deleted.');
  const users = [...state.users.values()].filter(({ tenantId }) => tenantId === id);
  await announce(instance, users.map(userDeleted), () => removeTenant(instance, id), request);
  return empty(request.query.get('async') === 'true' ? 202 : 200);
}

function removeTenant(instance: Instance, id: string): void {
  const { tenants, applications, users, groups, entities, entityGrants, apiKeys, refreshTokens } =
    instance.state;
  for (const { id: userId, tenantId } of users.values()) if (tenantId === id) removeUser(userId, instance);
  for (const records of [applications, groups, entities, apiKeys, refreshTokens])
    for (const [key, { tenantId }] of records) if (tenantId === id) records.delete(key);
  for (const [key, { targetId }] of entityGrants) if (!entities.has(targetId)) entityGrants.delete(key);
  tenants.delete(id);
}

function change(
  request: ApiRequest,
  instance: Instance,
  existing: TenantRecord,
  wanted: Fields,
): Promise<Answer> {
  const same = sameSigningKeys(existing.jwtConfiguration, wanted.jwtConfiguration);
  const affected = same ? [] : applicationsWithoutKeys(instance, existing.id);
  const events = affected.length === 0 ? [] : publicKeysUpdated(instance, affected);
  const tenant = tenantRecord(instance, existing.id, wanted);
  return announce(instance, events, () => save(instance, tenant), request);
}

/** Returns the applications that sign with the tenant's keys. */
const applicationsWithoutKeys = ({ state }: Instance, wanted: string): string[] =>
  [...state.applications.values()].flatMap(({ id, tenantId, jwtConfiguration }) =>
    tenantId === wanted && !jwtConfiguration?.enabled ? [id] : [],
  );

/** Returns the tenant in the path. Throws 404. */
function existingTenant(request: ApiRequest, instance: Instance): TenantRecord {
  const existing = requireRecord(request, 'tenantId', instance.state.tenants);
  requireVisible(request, instance, { tenantId: existing.id });
  return existing;
}

const store = (instance: Instance, id: string, fields: Fields): Answer =>
  save(instance, tenantRecord(instance, id, fields));

function save({ state }: Instance, tenant: TenantRecord): Answer {
  state.tenants.set(tenant.id, tenant);
  return ok({ tenant } satisfies TenantBody);
}

export const tenantOperations = operationsOn('/api/tenant', 'tenantId', 'api-key', {
  create: createTenant,
  retrieve: retrieveTenant,
  search: searchTenants,
  searchAccess: 'global-api-key',
  update: updateTenant,
  patch: patchTenant,
  remove: deleteTenant,
});
