import type { Mode } from '../../modes.js';
import type { Issued } from '../../world/issue.js';
import type { Realm } from '../../world/maker.js';
import type { World } from '../../world/world.js';

/** A way in which an operator revokes access. */
export interface Action {
  readonly id: string;
  readonly title: string;
  /** Returns the reason why it does not apply to a mode; undefined where it does. */
  readonly without: (mode: Mode) => string | undefined;
  readonly perform: (world: World, issued: Issued, realm: Realm) => Promise<unknown>;
  /** True where it needs its own realm, because it affects more than one credential. */
  readonly alone?: true;
}

const ofUser = ({ kind }: Mode): string | undefined => {
  if (kind === 'api-key') return 'an API key belongs to no user';
  return kind === 'machine-token' ? 'a machine is not a user' : undefined;
};
const ofSession = (mode: Mode): string | undefined =>
  ofUser(mode) ?? (mode.kind === 'email-token' ? 'an authentication token has no session' : undefined);
const ofKey = ({ kind }: Mode): string | undefined =>
  kind === 'api-key' ? undefined : 'the mode has no API key';
const ofToken = ({ kind }: Mode): string | undefined =>
  kind === 'user-token' || kind === 'machine-token' ? undefined : 'the credential is not signed';
const ofEntity = ({ kind }: Mode): string | undefined =>
  kind === 'machine-token' ? undefined : 'the mode has no entity';

export const actions: readonly Action[] = [
  {
    id: 'delete-key',
    title: 'Delete the key',
    without: ofKey,
    perform: ({ admin }, { keyId = '' }, { tenantId: tenant }) =>
      admin.call('DELETE', `/api/api-key/${keyId}`, { tenant }),
  },
  {
    id: 'expire-key',
    title: 'Let the key expire',
    without: ofKey,
    perform: ({ admin }, { keyId = '' }, { tenantId: tenant }) => {
      const apiKey = { expirationInstant: Date.now() };
      return admin.call('PATCH', `/api/api-key/${keyId}`, { tenant, body: { apiKey } });
    },
  },
  {
    id: 'deactivate-user',
    title: 'Deactivate the user',
    without: ofUser,
    perform: ({ admin }, { userId = '' }, { tenantId: tenant }) =>
      admin.call('DELETE', `/api/user/${userId}`, { tenant }),
  },
  {
    id: 'lock-user',
    title: 'Lock the user by an action',
    without: ofUser,
    perform: ({ admin, lockActionId }, { userId = '' }, { tenantId: tenant }) => {
      const expiry = Date.now() + 3_600_000;
      const who = { actioneeUserId: userId, actionerUserId: userId };
      const body = { action: { ...who, userActionId: lockActionId, expiry } };
      return admin.call('POST', '/api/user/action', { tenant, body });
    },
  },
  {
    id: 'delete-registration',
    title: 'Delete the registration',
    without: ofUser,
    perform: ({ admin }, { userId = '' }, { tenantId: tenant, applicationId }) =>
      admin.call('DELETE', `/api/user/registration/${userId}/${applicationId}`, { tenant }),
  },
  {
    id: 'remove-role',
    title: 'Remove the role',
    without: ofUser,
    perform: ({ admin }, { userId = '' }, { tenantId: tenant, applicationId }) => {
      const body = { registration: { applicationId, roles: [] } };
      return admin.call('PUT', `/api/user/registration/${userId}`, { tenant, body });
    },
  },
  {
    id: 'revoke-refresh-token',
    title: 'Revoke this refresh token',
    without: ofSession,
    perform: ({ admin }, { sessionId = '' }, { tenantId: tenant }) =>
      admin.call('DELETE', `/api/jwt/refresh/${sessionId}`, { tenant }),
  },
  {
    id: 'revoke-all-of-user',
    title: 'Revoke all refresh tokens of the user',
    without: ofSession,
    perform: ({ admin }, { userId = '' }, { tenantId: tenant }) =>
      admin.call('DELETE', `/api/jwt/refresh?userId=${userId}`, { tenant }),
  },
  {
    id: 'withdraw-signing-key',
    title: 'Withdraw the signing key',
    without: ofToken,
    alone: true,
    perform: async (world, _issued, realm) => {
      await world.replaceKey(realm);
    },
  },
  {
    id: 'delete-entity-grant',
    title: 'Delete the grant of the entity',
    without: ofEntity,
    perform: ({ admin }, { entityId = '' }, { tenantId: tenant, entityId: target }) =>
      admin.call('DELETE', `/api/entity/${target}/grant?recipientEntityId=${entityId}`, { tenant }),
  },
];
