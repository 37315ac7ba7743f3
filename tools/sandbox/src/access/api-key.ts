import { unauthorized } from '../answer.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { Method, Operation } from '../operations/operation.js';
import type { ApiKeyRecord, State } from '../state/state.js';
import type { ApiKey } from '../wire.js';

type Rights = Pick<ApiKey, 'permissions' | 'tenantId'>;

/** Returns the methods that a key may call, by endpoint. A key without any entry may call everything. */
const endpointsOf = ({ permissions }: Rights): Record<string, string[] | undefined> =>
  permissions?.endpoints ?? {};

/**
 * Reads the API key from `authorization`, which carries the bare value without a scheme; `Bearer <key>` is therefore an
 * unknown key. Throws 401 with an empty body, the same for an unknown, expired or insufficient key.
 */
export function requireApiKey(
  state: State,
  authorization: string | undefined,
  operation: Pick<Operation, 'method' | 'endpoint' | 'access'>,
  now: number,
): ApiKeyRecord {
  const key = [...state.apiKeys.values()].find((candidate) => candidate.key === authorization);
  if (!key || !isActive(key, now) || !permits(key, operation)) throw unauthorized();
  return key;
}

/**
 * Returns the request with its API key, for operations that need one only sometimes. Throws 401 unless one was accepted
 * already.
 */
export function withApiKey(
  request: ApiRequest,
  instance: Instance,
  method: Method,
  endpoint: string,
): ApiRequest {
  if (request.apiKey) return request;
  const wanted = { method, endpoint, access: 'api-key' } as const;
  return {
    ...request,
    apiKey: requireApiKey(instance.state, request.headers['authorization'], wanted, instance.now()),
  };
}

const isActive = ({ effectiveAt, removedAt, expirationInstant }: ApiKeyRecord, now: number): boolean =>
  now >= effectiveAt && now < (removedAt ?? Infinity) && now < (expirationInstant ?? Infinity);

/** A key without any permission may do everything; the API keys themselves are for key managers only. */
function permits(
  key: ApiKeyRecord,
  { method, endpoint, access }: Pick<Operation, 'method' | 'endpoint' | 'access'>,
): boolean {
  if (access === 'global-api-key' && key.tenantId !== undefined) return false;
  if (endpoint === '/api/api-key') return key.keyManager === true;
  const endpoints = endpointsOf(key);
  return Object.keys(endpoints).length === 0 || endpoints[endpoint]?.includes(method) === true;
}

/** Returns whether `manager` has every right of `key`, and may therefore hand it out. */
export function covers(manager: Rights, key: Rights): boolean {
  if (manager.tenantId !== undefined && manager.tenantId !== key.tenantId) return false;
  const [own, wanted] = [endpointsOf(manager), Object.entries(endpointsOf(key))];
  if (Object.keys(own).length === 0) return true;
  return (
    wanted.length > 0 &&
    wanted.every(([endpoint, methods]) => methods?.every((method) => own[endpoint]?.includes(method)))
  );
}
