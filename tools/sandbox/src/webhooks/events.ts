import type { Instance } from '../instance.js';
import type {
  RefreshTokenRecord,
  RegistrationRecord,
  State,
  UserActionLogRecord,
  UserRecord,
} from '../state/state.js';
import { jwtConfiguration, lifetimeSeconds } from '../tokens/claims.js';
import { describeSession, isLive } from '../tokens/sessions.js';
import type {
  JwtPublicKeyUpdateEvent,
  JwtRefreshTokenRevokeEvent,
  TransactionType,
  UserActionEvent,
  UserDeactivateEvent,
  UserDeleteEvent,
  UserRegistrationDeleteEvent,
  UserRegistrationUpdateEvent,
} from '../wire.js';

/** The events that the sandbox sends; a webhook may subscribe to others, and gets none of them. */
export type EventType =
  | 'jwt.public-key.update'
  | 'jwt.refresh-token.revoke'
  | 'user.action'
  | 'user.deactivate'
  | 'user.delete'
  | 'user.registration.delete'
  | 'user.registration.update';

/** The members of an event beyond those that all events share. */
export interface WebhookEvent {
  readonly type: EventType;
  readonly tenantId: string;
  readonly members: object;
  /** The id of the user that the event is about, if there is one. */
  readonly linkedObjectId?: string;
  /** The type of the user action; all other events use the tenant's. */
  readonly transactionType?: TransactionType | undefined;
}

const ofUser = ({ id, tenantId }: UserRecord) => ({ tenantId, linkedObjectId: id });

/** The event of a single revoked refresh token. */
export function sessionRevoked(instance: Instance, session: RefreshTokenRecord): WebhookEvent {
  const { applicationId, tenantId, userId } = session;
  const members = {
    applicationId,
    applicationTimeToLiveInSeconds: lifetimes(instance.state, [session]),
    refreshToken: describeSession(session),
    userId,
    user: instance.state.users.get(userId)?.user,
  } satisfies JwtRefreshTokenRevokeEvent;
  return { type: 'jwt.refresh-token.revoke', tenantId, linkedObjectId: userId, members };
}

/**
 * The event of revoked sessions of a user, of an application, or of a user in an application, by `named`; it contains
 * no refresh token. Empty where none of them was alive: that is documented for a user's sessions, and assumed for
 * the others.
 */
export function sessionsRevoked(
  instance: Instance,
  where: (session: RefreshTokenRecord) => boolean,
  { userId, applicationId }: { userId?: string | undefined; applicationId?: string | undefined },
): WebhookEvent[] {
  const { refreshTokens, users } = instance.state;
  const revoked = [...refreshTokens.values()].filter(
    (session) => where(session) && isLive(instance, session),
  );
  const [first] = revoked;
  if (!first) return [];
  const members = {
    applicationId,
    applicationTimeToLiveInSeconds: lifetimes(instance.state, revoked),
    userId,
    user: users.get(userId ?? '')?.user,
  } satisfies JwtRefreshTokenRevokeEvent;
  const linked = userId === undefined ? {} : { linkedObjectId: userId };
  return [{ type: 'jwt.refresh-token.revoke', tenantId: first.tenantId, ...linked, members }];
}

/** Returns the lifetimes of access tokens in the applications of these sessions, in seconds. */
function lifetimes({ applications, tenants }: State, sessions: readonly RefreshTokenRecord[]) {
  const entries = sessions.flatMap(({ applicationId, tenantId }): [string, number][] => {
    const tenant = tenants.get(tenantId);
    const application = applications.get(applicationId);
    return tenant ? [[applicationId, lifetimeSeconds({ application, tenant })]] : [];
  });
  return Object.fromEntries(entries);
}

export function userDeactivated(record: UserRecord): WebhookEvent {
  const members = { user: { ...record.user, active: false } } satisfies UserDeactivateEvent;
  return { type: 'user.deactivate', ...ofUser(record), members };
}

/** The event of a deleted user. No event announces the user's registrations and sessions. */
export function userDeleted(record: UserRecord): WebhookEvent {
  const members = { user: record.user } satisfies UserDeleteEvent;
  return { type: 'user.delete', ...ofUser(record), members };
}

/** The event of a deleted registration, which contains its authentication token, as in FusionAuth. */
export function registrationDeleted(record: UserRecord, registration: RegistrationRecord): WebhookEvent {
  const { registrations: _left, ...user } = record.user;
  const { applicationId } = registration;
  const members = { applicationId, registration, user } satisfies UserRegistrationDeleteEvent;
  return { type: 'user.registration.delete', ...ofUser(record), members };
}

export function registrationUpdated(
  record: UserRecord,
  original: RegistrationRecord,
  registration: RegistrationRecord,
): WebhookEvent {
  const { applicationId } = registration;
  const { user } = record;
  const members = { applicationId, original, registration, user } satisfies UserRegistrationUpdateEvent;
  return { type: 'user.registration.update', ...ofUser(record), members };
}

/** Java's largest number, as near as JavaScript can represent it: the expiry of an action without one. */
const never = 2 ** 63;

/** The event of a user action that reached a phase; it does not say whether the action prevents logging in. */
export function userActed(
  { state }: Instance,
  phase: NonNullable<UserActionEvent['phase']>,
  log: UserActionLogRecord,
): WebhookEvent[] {
  const actionee = state.users.get(log.actioneeUserId);
  const action = state.userActions.get(log.userActionId);
  if (!actionee) return [];
  const members = {
    action: log.name,
    actionId: log.userActionId,
    actioneeUserId: log.actioneeUserId,
    actionerUserId: log.actionerUserId,
    applicationIds: log.applicationIds ?? [],
    comment: log.comment,
    emailedUser: false,
    expiry: log.expiry ?? never,
    localizedAction: log.name,
    notifyUser: false,
    phase,
  } satisfies UserActionEvent;
  const { transactionType } = action ?? {};
  return [{ type: 'user.action', ...ofUser(actionee), transactionType, members }];
}

/**
 * The events for a changed public key of applications, or a key removed from the key set; without applications every
 * tenant gets one. FusionAuth does not document other occasions.
 */
export function publicKeysUpdated({ state }: Instance, applicationIds: readonly string[]): WebhookEvent[] {
  const applications = applicationIds.flatMap((id) => state.applications.get(id) ?? []);
  const tenantIds = new Set(
    applications.length === 0 ? state.tenants.keys() : applications.map(({ tenantId }) => tenantId),
  );
  return [...tenantIds].map((tenantId) => {
    const ids = applications.filter((one) => one.tenantId === tenantId).map(({ id }) => id);
    const members = { applicationIds: ids } satisfies JwtPublicKeyUpdateEvent;
    return { type: 'jwt.public-key.update', tenantId, members };
  });
}

/** Returns the applications whose tokens are signed with a key. */
export function applicationsSigningWith({ state }: Instance, keyId: string): string[] {
  return [...state.applications.values()].flatMap((application) => {
    const tenant = state.tenants.get(application.tenantId);
    const { accessTokenKeyId, idTokenKeyId } = tenant ? jwtConfiguration({ application, tenant }) : {};
    return [accessTokenKeyId, idTokenKeyId].includes(keyId) ? [application.id] : [];
  });
}
