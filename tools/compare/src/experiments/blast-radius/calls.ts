import { randomUUID } from 'node:crypto';
import type { Asked } from '../../world/admin.js';
import type { Leaked } from './leaked.js';

/** A call to FusionAuth, and its documentation. */
export interface Call {
  readonly id: string;
  readonly title: string;
  readonly method: string;
  readonly path: (leaked: Leaked) => string;
  readonly asked?: (leaked: Leaked) => Pick<Asked, 'body' | 'form'>;
  /** Needs no `Authorization`: the leaked credential is in the request. */
  readonly bare?: true;
  /** Returns the reason why there is nothing to try; undefined where there is something. */
  readonly without?: (leaked: Leaked) => string | undefined;
  /** The key of its documentation in fusionauth-documents.ts. */
  readonly section: string;
}

const get = (id: string, title: string, section: string, path: Call['path']): Call => ({
  id,
  title,
  method: 'GET',
  path,
  section,
});

const withoutUser = ({ issued }: Leaked) =>
  issued.userId === undefined ? 'it belongs to no user' : undefined;

const reading: readonly Call[] = [
  get('validate', 'Have FusionAuth confirm it as valid', '7', () => '/api/jwt/validate'),
  get('userinfo', 'Read the claims of its user', '7', () => '/oauth2/userinfo'),
  get('group', 'Read the empty group', '9', ({ world }) => `/api/group/${world.probeGroupId}`),
  get('other-group', 'Read any other group', '9', ({ otherGroupId }) => `/api/group/${otherGroupId}`),
  {
    ...get('own-user', 'Read its user', '12', ({ issued }) => `/api/user/${issued.userId ?? ''}`),
    without: withoutUser,
  },
  get('user', 'Read another user', '12', ({ other }) => `/api/user/${other.userId ?? ''}`),
  get('users', 'Find users by e-mail', '12', ({ other }) => `/api/user?email=${other.email ?? ''}`),
  get('registration', 'Read a registration, which may hold an authentication token', '11', (leaked) => {
    const { other, world } = leaked;
    return `/api/user/registration/${other.userId ?? ''}/${world.realm.applicationId}`;
  }),
  get('sessions', 'Read the refresh tokens of a user', '8', ({ other }) => {
    return `/api/jwt/refresh?userId=${other.userId ?? ''}`;
  }),
  get(
    'locks',
    'Read the locks of a user',
    '12',
    ({ other }) => `/api/user/action?userId=${other.userId ?? ''}`,
  ),
  get('login-records', 'Read the login records', '10', () => '/api/system/login-record/search'),
  get(
    'events',
    'Read the log of events, which holds users',
    '26',
    () => '/api/system/webhook-event-log/search',
  ),
  get('applications', 'List applications with their client secrets', '9', () => '/api/application'),
  get(
    'application',
    'Read the application',
    '9',
    ({ world }) => `/api/application/${world.realm.applicationId}`,
  ),
  get('tenant', 'Read the tenant', '27', ({ world }) => `/api/tenant/${world.realm.tenantId}`),
  get('key', 'Read a signing key', '27', ({ world }) => `/api/key/${world.realm.signingKeyId}`),
  get('entity', 'Read an entity with its secret', '14', ({ world }) => `/api/entity/${world.realm.entityId}`),
  get('grants', 'Read the grants of an entity', '14', ({ world, issued }) => {
    const recipient = issued.entityId ?? randomUUID();
    return `/api/entity/${world.realm.entityId}/grant?recipientEntityId=${recipient}`;
  }),
];

const acting: readonly Call[] = [
  {
    id: 'login-api',
    title: 'Try passwords at the Login API',
    method: 'POST',
    path: () => '/api/login',
    asked: ({ other, world }) => ({
      body: {
        loginId: other.email,
        password: other.password,
        applicationId: world.realm.applicationId,
      },
    }),
    section: '10',
  },
  {
    id: 'log-in',
    title: 'Log in with it as the password, without a key',
    method: 'POST',
    path: () => '/api/login',
    asked: ({ issued, world }) => ({
      body: { loginId: issued.email, password: issued.secret, applicationId: world.realm.applicationId },
    }),
    bare: true,
    without: ({ issued: { email, secret } }) =>
      email === undefined || secret === undefined ? 'it is not a password' : undefined,
    section: '10',
  },
  {
    id: 'further-tokens',
    title: 'Get further access tokens with what the client stores',
    method: 'POST',
    path: () => '/oauth2/token',
    asked: ({ issued, kind, world }) => ({ form: grantOf(issued, kind, world) }),
    bare: true,
    without: ({ kind }) => (kind === 'api-key' ? 'no grant takes an API key' : undefined),
    section: '5',
  },
  {
    id: 'change-user',
    title: 'Change another user',
    method: 'PATCH',
    path: ({ other }) => `/api/user/${other.userId ?? ''}`,
    asked: () => ({ body: { user: { fullName: 'Somebody else' } } }),
    section: '12',
  },
  {
    id: 'end-own-session',
    title: 'End its own session',
    method: 'DELETE',
    path: ({ issued }) => `/api/jwt/refresh/${issued.sessionId ?? ''}`,
    without: ({ issued }) => (issued.sessionId === undefined ? 'it has no session' : undefined),
    section: '8',
  },
  {
    id: 'end-session',
    title: 'End the session of another user',
    method: 'DELETE',
    path: ({ other }) => `/api/jwt/refresh/${other.sessionId ?? ''}`,
    section: '8',
  },
];

/** In this order: the last ones revoke sessions. */
export const calls: readonly Call[] = [...reading, ...acting];

function grantOf(issued: Leaked['issued'], kind: Leaked['kind'], { realm }: Leaked['world']) {
  const { refreshToken = '', clientId = '', secret = '', email = '' } = issued;
  switch (kind) {
    case 'user-token':
      return {
        grant_type: 'refresh_token',
        client_id: realm.applicationId,
        refresh_token: refreshToken,
      };
    case 'machine-token':
      return {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: secret,
        scope: `target-entity:${realm.entityId}`,
      };
    default:
      return { grant_type: 'password', client_id: realm.applicationId, username: email, password: secret };
  }
}
