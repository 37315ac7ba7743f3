import type { ApiKey } from '../wire.js';

type Rights = Pick<ApiKey, 'permissions' | 'tenantId'>;

/** What a key may call: methods by endpoint; no entry at all means everything. */
export const endpointsOf = ({ permissions }: Rights): Record<string, string[] | undefined> =>
  permissions?.endpoints ?? {};

/** Whether `manager` has every right of `key`, so that it may hand it out. */
export function covers(manager: Rights, key: Rights): boolean {
  if (manager.tenantId !== undefined && manager.tenantId !== key.tenantId) return false;
  const [own, wanted] = [endpointsOf(manager), Object.entries(endpointsOf(key))];
  if (Object.keys(own).length === 0) return true;
  return (
    wanted.length > 0 &&
    wanted.every(([endpoint, methods]) => methods?.every((method) => own[endpoint]?.includes(method)))
  );
}
