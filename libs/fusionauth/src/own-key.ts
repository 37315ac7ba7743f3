import { randomUUID } from 'node:crypto';
import {
  type Call,
  type FusionAuthDataSettings,
  type FusionAuthRequest,
  ownHeaders,
  unexpected,
} from './transport.js';

/** What an API key may be permitted, in FusionAuth's own words: a method and the path without ids. */
export type Permission = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /api/${string}`;

/** What a resource server may need of its own key. */
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
 * What our key may do or not: without it a resource server does without something, and says so. FusionAuth's table of
 * endpoints has the log of events for keys that are bound to a tenant as well, its page about the log for others only.
 */
export const optionalPermissions: readonly Permission[] = [
  'GET /api/system/webhook-event-log/search',
] satisfies Endpoint[];

/** Endpoints whose ids do not stand at the end of the path. */
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

/** A call that finds and changes nothing even when it is let in: `id` names nothing, and the body no new thing. */
function harmless(permission: Permission, id: string, applicationId: string): FusionAuthRequest {
  const [method, endpoint] = permission.split(' ') as [NonNullable<FusionAuthRequest['method']>, string];
  const path = (paths[permission] ?? paths[endpoint] ?? ((named) => `${endpoint}/${named}`))(id);
  if (method === 'GET') return { method, path };
  // Nobody has this log-in id, so nobody can be locked by it.
  const logIn = { loginId: `${id}@invalid`, password: id, applicationId };
  const body = endpoint === '/api/login' ? logIn : {};
  return { method, path, body: JSON.stringify(body) };
}

/** What our own key may do, for checks at the start; never about a caller. Throws {@link FusionAuthUnavailable}. */
export function ownKey(call: Call, settings: FusionAuthDataSettings) {
  const { applicationId, probeGroupId = '' } = settings;
  const ask = async (permission: Permission, id: string): Promise<number> => {
    const headers = { ...ownHeaders(settings), 'content-type': 'application/json' };
    const answer = await call('own key', { ...harmless(permission, id, applicationId), headers });
    if (answer.status >= 500) throw unexpected('own key', answer);
    return answer.status;
  };
  return {
    /** 401 is the only way in which FusionAuth says no; 404 already means that the key was let in. */
    permits: async (permission: Permission): Promise<boolean> =>
      (await ask(permission, randomUUID())) !== 401,
    /** Whether the probe group exists; undefined when our key may not read groups. */
    seesProbeGroup: async (): Promise<boolean | undefined> => {
      const status = await ask('GET /api/group', probeGroupId);
      return status === 401 ? undefined : status === 200;
    },
  };
}
