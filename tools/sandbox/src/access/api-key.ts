import { unauthorized } from '../errors.js';
import type { Method, Operation } from '../operations/operation.js';
import type { ApiKeyRecord, State } from '../state/state.js';
import type { Call, World } from '../world.js';
import { endpointsOf } from './key-rights.js';

/**
 * The API key in `authorization`, which carries the bare value without a scheme, so that `Bearer <key>` is nobody's.
 * Throws 401 with an empty body alike for an unknown, expired or insufficient key.
 */
export function requireApiKey(
  state: State,
  authorization: string | undefined,
  operation: Pick<Operation, 'method' | 'endpoint' | 'access'>,
  now: number,
): ApiKeyRecord {
  const key = [...state.apiKeys.values()].find((candidate) => candidate.key === authorization);
  if (!key || !isInForce(key, now) || !permits(key, operation)) throw unauthorized();
  return key;
}

/** The call with its API key, for operations that need one only at times. Throws 401. */
export function withApiKey(call: Call, world: World, method: Method, endpoint: string): Call {
  const wanted = { method, endpoint, access: 'api-key' } as const;
  return { ...call, apiKey: requireApiKey(world.state, call.headers['authorization'], wanted, world.now()) };
}

const isInForce = ({ effectiveAt, removedAt, expirationInstant }: ApiKeyRecord, now: number): boolean =>
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
