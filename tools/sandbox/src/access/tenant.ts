import { invalidRequest, notFound } from '../answer.js';
import type { ApplicationRecord, TenantRecord } from '../state/state.js';
import type { Call, World } from '../world.js';

/** The one tenant that the request names by header or by a tenant-scoped key; undefined when it names none. */
export function namedTenant(call: Call, world: World): string | undefined {
  const header = call.headers['x-fusionauth-tenantid']?.toLowerCase();
  const scoped = call.apiKey?.tenantId;
  if (
    header !== undefined &&
    (!world.state.tenants.has(header) || (scoped !== undefined && scoped !== header))
  ) {
    throw invalidRequest(
      'InvalidTenantId',
      'X-FusionAuth-TenantId names no tenant that this API key may use.',
    );
  }
  return scoped ?? header;
}

/** The tenant to create or search in. Throws 400 `[TenantIdRequired]` when there are several and none is named. */
export function requireTenant(call: Call, world: World): string {
  const named = namedTenant(call, world);
  if (named !== undefined) return named;
  const [only, ...others] = world.state.tenants.keys();
  if (only === undefined || others.length > 0)
    throw invalidRequest('TenantIdRequired', 'This request needs the header X-FusionAuth-TenantId.');

  return only;
}

/** The record, unless it is absent or belongs to a tenant that the request may not see: then 404, empty. */
export function visible<Item extends { tenantId?: string | undefined }>(
  call: Call,
  world: World,
  item: Item | undefined,
): Item {
  const named = namedTenant(call, world);
  if (!item || (named !== undefined && item.tenantId !== named)) throw notFound();
  return item;
}

export function tenantOf({ state }: World, { tenantId }: ApplicationRecord): TenantRecord {
  const tenant = state.tenants.get(tenantId);
  if (!tenant) throw new Error(`tenant ${tenantId} of an application does not exist`);
  return tenant;
}
