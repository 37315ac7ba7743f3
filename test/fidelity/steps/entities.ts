import type { Step } from '../step.js';
import { everything, inTenant, signingKeyId } from './ids.js';

/** Steps for client credentials, which the plan must include: without a licence the first step is answered 400. */
export const entities: readonly Step[] = [
  {
    title: 'an entity type',
    request: 'POST /api/entity/type/{entityType}',
    authorization: everything,
    json: {
      entityType: {
        name: 'Fidelity {run}',
        jwtConfiguration: { enabled: true, accessTokenKeyId: signingKeyId, timeToLiveInSeconds: 60 },
        permissions: [{ name: 'read' }, { name: 'write' }],
      },
    },
    status: 200,
  },
  ...['target', 'caller'].map((name): Step => ({
    title: `an entity, the ${name}`,
    request: `POST /api/entity/{${name}}`,
    authorization: everything,
    headers: inTenant,
    json: { entity: { name: `${name} {run}`, type: { id: '{entityType}' } } },
    learn: { [`${name}Secret`]: 'entity.clientSecret' },
    status: 200,
  })),
  {
    title: 'a grant to an entity',
    request: 'POST /api/entity/{target}/grant',
    authorization: everything,
    json: { grant: { recipientEntityId: '{caller}', permissions: ['read'] } },
    status: 200,
  },
  {
    title: 'the grant of an entity',
    request: 'GET /api/entity/{target}/grant?recipientEntityId={caller}',
    authorization: everything,
    status: 200,
  },
  {
    title: 'an entity by id',
    request: 'GET /api/entity/{caller}',
    authorization: everything,
    status: 200,
  },
  {
    title: 'a token by client credentials',
    request: 'POST /oauth2/token',
    form: {
      grant_type: 'client_credentials',
      client_id: '{caller}',
      client_secret: '{callerSecret}',
      scope: 'target-entity:{target}:read',
    },
    learn: { machineToken: 'access_token' },
    status: 200,
  },
  {
    title: 'a token with a permission that was not granted',
    request: 'POST /oauth2/token',
    form: {
      grant_type: 'client_credentials',
      client_id: '{caller}',
      client_secret: '{callerSecret}',
      scope: 'target-entity:{target}:write',
    },
    status: 400,
  },
  {
    title: 'introspection of a machine token',
    request: 'POST /oauth2/introspect',
    form: { token: '{machineToken}' },
    status: 200,
  },
  {
    title: 'the grant is deleted',
    request: 'DELETE /api/entity/{target}/grant?recipientEntityId={caller}',
    authorization: everything,
    status: 200,
  },
  ...['caller', 'target'].map((name): Step => ({
    title: `the ${name} is deleted`,
    request: `DELETE /api/entity/{${name}}`,
    authorization: everything,
    status: 200,
  })),
  {
    title: 'the entity type is deleted',
    request: 'DELETE /api/entity/type/{entityType}',
    authorization: everything,
    status: 200,
  },
];
