import { randomUUID } from 'node:crypto';
import {
  type Call,
  type FusionAuthDataSettings,
  type FusionAuthRequest,
  ownHeaders,
  unexpected,
} from './transport.js';

/** A permission of an API key, as FusionAuth writes it: a method and the path without ids. */
export type Permission = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /api/${string}`;

/** The permissions that a resource server's own key may need. */
export type Endpoint =
  | 'GET /api/api-key'
  | 'GET /api/application'
  | 'GET /api/entity'
  | 'GET /api/entity/grant'
  | 'GET /api/group'
  | 'GET /api/jwt/refresh'
  | 'GET /api/system/webhook-event-log/search'
  | 'GET /api/user'
  | 'GET /api/user/action'
  | 'POST /api/login';

/**
 * Permissions that our key may lack: a resource server then does without a feature, and says so. FusionAuth's table
 * of endpoints lists the event log for keys that are bound to a tenant as well; its page about the log lists it only
 * for others.
 */
export const optionalPermissions: readonly Permission[] = [
  'GET /api/system/webhook-event-log/search',
] satisfies Endpoint[];

/** Paths of endpoints whose ids are not at the end. */
const paths: Readonly<Record<string, (id: string) => string>> = {
  '/api/application/role': (id) => `/api/application/${id}/role`,
  '/api/entity/grant': (id) => `/api/entity/${id}/grant?recipientEntityId=${id}`,
  '/api/login': () => '/api/login',
  'DELETE /api/user/registration': (id) => `/api/user/registration/${id}/${id}`,
  'GET /api/user/registration': (id) => `/api/user/registration/${id}/${id}`,
  '/api/system/login-record/search': (id) => `/api/system/login-record/search?userId=${id}&numberOfResults=1`,
  '/api/system/webhook-event-log/search': () => '/api/system/webhook-event-log/search?start=0&end=1',
  '/api/user/action': (id) => `/api/user/action?userId=${id}&preventingLogin=true`,
};

/**
 * Returns a call that finds and changes nothing even if it is permitted: `id` does not exist, and the body creates
 * nothing.
 */
function harmless(permission: Permission, id: string, applicationId: string): FusionAuthRequest {
  const [method, endpoint] = permission.split(' ') as [NonNullable<FusionAuthRequest['method']>, string];
  const path = (paths[permission] ?? paths[endpoint] ?? ((named) => `${endpoint}/${named}`))(id);
  if (method === 'GET') return { method, path };
  // Nobody has this log-in id, so nobody can be locked by it.
  const logIn = { loginId: `${id}@invalid`, password: id, applicationId };
  const body = endpoint === '/api/login' ? logIn : {};
  return { method, path, body: JSON.stringify(body) };
}

/** Checks at start what our own key may do; never about a caller. Throws {@link FusionAuthUnavailable}. */
export function ownKey(call: Call, settings: FusionAuthDataSettings) {
  const { applicationId, probeGroupId = '' } = settings;
  const ask = async (permission: Permission, id: string): Promise<number> => {
    const headers = { ...ownHeaders(settings), 'content-type': 'application/json' };
    const answer = await call('own key', { ...harmless(permission, id, applicationId), headers });
    if (answer.status >= 500) throw unexpected('own key', answer);
    return answer.status;
  };
  return {
    /**
     * Resolves with whether the key has the permission. FusionAuth refuses only with 401; 404 means that the call was
     * permitted.
     */
    permits: async (permission: Permission): Promise<boolean> =>
      (await ask(permission, randomUUID())) !== 401,
    /** Resolves with whether the probe group exists; undefined if our key may not read groups. */
    seesProbeGroup: async (): Promise<boolean | undefined> => {
      const status = await ask('GET /api/group', probeGroupId);
      return status === 401 ? undefined : status === 200;
    },
  };
}
