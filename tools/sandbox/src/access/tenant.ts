import { invalidRequest, notFound } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { ApplicationRecord, TenantRecord } from '../state/state.js';

/** Returns the tenant that the request names by header or by a tenant-scoped key; undefined when it names none. */
export function namedTenant(request: ApiRequest, instance: Instance): string | undefined {
  const header = request.headers['x-fusionauth-tenantid']?.toLowerCase();
  const scoped = request.apiKey?.tenantId;
  if (
    header !== undefined &&
    (!instance.state.tenants.has(header) || (scoped !== undefined && scoped !== header))
  ) {
    throw invalidRequest(
      'InvalidTenantId',
      'X-FusionAuth-TenantId names no tenant that this API key may use.',
    );
  }
  return scoped ?? header;
}

/**
 * Returns the tenant to create or search in. Throws 400 `[TenantIdRequired]` when there are several and none is named.
 */
export function requireTenant(request: ApiRequest, instance: Instance): string {
  const named = namedTenant(request, instance);
  if (named !== undefined) return named;
  const [only, ...others] = instance.state.tenants.keys();
  if (only === undefined || others.length > 0)
    throw invalidRequest('TenantIdRequired', 'This request needs the header X-FusionAuth-TenantId.');

  return only;
}

/** Returns the records that the request may see: those of the tenant that it names, else all. */
export function visibleRecords<Item extends { readonly tenantId?: string | undefined }>(
  request: ApiRequest,
  instance: Instance,
  records: ReadonlyMap<string, Item>,
): Item[] {
  const named = namedTenant(request, instance);
  return [...records.values()].filter(({ tenantId }) => (named ?? tenantId) === tenantId);
}

/**
 * Returns the record. Throws 404 with an empty body if it is absent or belongs to a tenant that the request may not
 * see.
 */
export function requireVisible<Item extends { tenantId?: string | undefined }>(
  request: ApiRequest,
  instance: Instance,
  item: Item | undefined,
): Item {
  const named = namedTenant(request, instance);
  if (!item || (named !== undefined && item.tenantId !== named)) throw notFound();
  return item;
}

export function tenantOf({ state }: Instance, { tenantId }: ApplicationRecord): TenantRecord {
  const tenant = state.tenants.get(tenantId);
  if (!tenant) throw new Error(`tenant ${tenantId} of an application does not exist`);
  return tenant;
}
