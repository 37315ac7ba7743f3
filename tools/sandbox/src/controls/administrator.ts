import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Instance } from '../instance.js';
import { buildServer } from '../server.js';

/** One call of FusionAuth's API. */
interface AdministratorCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/user?email=…`, for example. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** For operations that must know the tenant, where there are several. */
  readonly tenantId?: string;
}

/**
 * Calls operations in process with an API key that may do everything. Faults and the request log do not apply to these
 * calls. Resolves with the parsed body; rejects, with the answer in the message, unless the status is 2xx.
 */
export type Administrator = (call: AdministratorCall) => Promise<unknown>;

export function administratorOf(instance: Instance): Administrator {
  let server: FastifyInstance | undefined;
  return async ({ method, path, body, tenantId }) => {
    server ??= buildServer(instance, keyForEverything(instance.now()));
    const answer = await server.inject({
      method,
      url: path,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(tenantId === undefined ? {} : { 'x-fusionauth-tenantid': tenantId }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    if (answer.statusCode >= 300)
      throw new Error(`${method} ${path} was answered ${answer.statusCode} ${answer.body}`.trimEnd());
    return answer.body === '' ? undefined : answer.json();
  };
}

/** Not stored in the instance, so that nobody else can present it. */
const keyForEverything = (now: number) => ({
  id: randomUUID(),
  key: randomUUID(),
  keyManager: true,
  insertInstant: now,
  effectiveAt: now,
});
