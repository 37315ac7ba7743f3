import { randomUUID } from 'node:crypto';
import type { Secret } from '#gatehouse/platform';
import { unexpected, type Call } from './transport.js';

/** What an API key may be permitted, in FusionAuth's own words: a method and the path without ids. */
export type Endpoint =
  | 'GET /api/api-key'
  | 'GET /api/application'
  | 'GET /api/entity'
  | 'GET /api/entity/grant'
  | 'GET /api/group'
  | 'GET /api/jwt/refresh'
  | 'GET /api/user'
  | 'GET /api/user/action'
  | 'POST /api/login';

/** A call to each that finds nothing and changes nothing, whoever is let in; `id` names nothing. */
const harmless: Readonly<Record<Endpoint, (id: string) => { path: string; body?: object }>> = {
  'GET /api/api-key': (id) => ({ path: `/api/api-key/${id}` }),
  'GET /api/application': (id) => ({ path: `/api/application/${id}` }),
  'GET /api/entity': (id) => ({ path: `/api/entity/${id}` }),
  'GET /api/entity/grant': (id) => ({ path: `/api/entity/${id}/grant?recipientEntityId=${id}` }),
  'GET /api/group': (id) => ({ path: `/api/group/${id}` }),
  'GET /api/jwt/refresh': (id) => ({ path: `/api/jwt/refresh/${id}` }),
  'GET /api/user': (id) => ({ path: `/api/user/${id}` }),
  'GET /api/user/action': (id) => ({ path: `/api/user/action?userId=${id}&preventingLogin=true` }),
  // Nobody has this log-in id, so nobody can be locked by it.
  'POST /api/login': (id) => ({
    path: '/api/login',
    body: { loginId: `${id}@invalid`, password: id, applicationId: id },
  }),
};

export interface OwnKey {
  readonly apiKey?: Secret | undefined;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly probeGroupId?: string | undefined;
}

/** What our own key may do, for checks at the start; never about a caller. Throws {@link FusionAuthUnavailable}. */
export function ownKey(call: Call, { apiKey, tenantId, applicationId, probeGroupId = '' }: OwnKey) {
  const ask = async (endpoint: Endpoint, id: string): Promise<number> => {
    const { path, body } = harmless[endpoint](id);
    const method = endpoint.startsWith('POST') ? 'POST' : 'GET';
    const headers = {
      authorization: apiKey?.reveal() ?? '',
      'x-fusionauth-tenantid': tenantId,
      'content-type': 'application/json',
    };
    const text = body && JSON.stringify({ ...body, applicationId });
    const answer = await call('own key', {
      method,
      path,
      headers,
      ...(text === undefined ? {} : { body: text }),
    });
    if (answer.status >= 500) throw unexpected('own key', answer);
    return answer.status;
  };
  return {
    /** 401 is the only way in which FusionAuth says no; 404 already means that the key was let in. */
    permits: async (endpoint: Endpoint): Promise<boolean> => (await ask(endpoint, randomUUID())) !== 401,
    /** Whether the probe group exists; undefined when our key may not read groups. */
    seesProbeGroup: async (): Promise<boolean | undefined> => {
      const status = await ask('GET /api/group', probeGroupId);
      return status === 401 ? undefined : status === 200;
    },
  };
}
