import type { Instance } from '../instance.js';
import type { UserRecord } from '../state/state.js';
import { sessionExpiry } from '../tokens/refresh-token.js';
import { isLive, policyOf } from '../tokens/sessions.js';
import { isExpired } from '../users/log-in.js';
import { preventingActions } from '../users/user-actions.js';
import { nameOfSessionUser, nameOfUser } from './names.js';

interface UserView {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly expired: boolean;
  /** The end of the lock, in milliseconds since the epoch; undefined while nothing prevents logging in. */
  readonly lockedUntil: number | undefined;
  /** The applications by name, with the user's roles there. */
  readonly registrations: readonly (readonly [application: string, roles: readonly string[]])[];
}

interface SessionView {
  readonly id: string;
  readonly user: string;
  readonly application: string;
  /** Instants in milliseconds. */
  readonly startInstant: number;
  readonly lastUsedInstant: number;
  readonly expiresAt: number;
}

export interface PeopleView {
  readonly users: readonly UserView[];
  /** Newest first; only those that can still be continued. */
  readonly sessions: readonly SessionView[];
}

export const peopleView = (instance: Instance): PeopleView => ({
  users: [...instance.state.users.values()].map((record) => userView(instance, record)),
  sessions: sessionViews(instance),
});

function userView(instance: Instance, record: UserRecord): UserView {
  const { id, user } = record;
  const locks = preventingActions(instance, id).map(({ expiry = 0 }) => expiry);
  return {
    id,
    name: nameOfUser(record),
    active: user.active,
    expired: isExpired(record, instance.now()),
    lockedUntil: locks.length === 0 ? undefined : Math.max(...locks),
    registrations: user.registrations.map(({ applicationId, roles }) => [
      applicationName(instance, applicationId),
      roles,
    ]),
  };
}

function sessionViews(instance: Instance): SessionView[] {
  const live = [...instance.state.refreshTokens.values()].filter((session) => isLive(instance, session));
  const views = live.map((session) => ({
    id: session.id,
    user: nameOfSessionUser(instance.state, session),
    application: applicationName(instance, session.applicationId),
    startInstant: session.startInstant,
    lastUsedInstant: session.lastUsedInstant,
    expiresAt: sessionExpiry(session, policyOf(instance, session) ?? {}),
  }));
  return views.sort((left, right) => right.startInstant - left.startInstant);
}

const applicationName = ({ state }: Instance, id: string): string => state.applications.get(id)?.name ?? id;
