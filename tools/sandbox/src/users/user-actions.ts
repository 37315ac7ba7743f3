import { randomUUID } from 'node:crypto';
import type { ApiRequest, Instance } from '../instance.js';
import type { UserActionLogRecord, UserActionRecord } from '../state/state.js';
import { revokedOn, revokeSessions } from '../tokens/sessions.js';
import { announce } from '../webhooks/announce.js';
import { sessionsRevoked, userActed } from '../webhooks/events.js';
import type { UserActionLog } from '../wire.js';

/**
 * Takes an action on a user; one that prevents logging in also revokes sessions, by the policy `onLoginPrevented`. An
 * event for these sessions is inferred, not documented: they are revoked like any others.
 */
export function takeAction(
  instance: Instance,
  { id: userActionId, name, preventLogin }: UserActionRecord,
  details: UserActionLog & { actioneeUserId: string },
  request?: ApiRequest,
): Promise<UserActionLogRecord> {
  const log = { ...details, id: randomUUID(), userActionId, name, insertInstant: instance.now() };
  const userId = log.actioneeUserId;
  const revoked = revokedOn('onLoginPrevented', instance, userId, log.applicationIds);
  const events = [
    ...userActed(instance, 'start', log),
    ...(preventLogin ? sessionsRevoked(instance, revoked, { userId }) : []),
  ];
  const commit = () => {
    instance.state.userActionLogs.set(log.id, log);
    if (preventLogin) revokeSessions(instance, revoked);
    return log;
  };
  return announce(instance, events, commit, request);
}

/** Changes an action, which is a separate phase for events. */
export function changeAction(
  instance: Instance,
  phase: 'modify' | 'cancel',
  log: UserActionLogRecord,
  request: ApiRequest,
): Promise<UserActionLogRecord> {
  const commit = () => {
    instance.state.userActionLogs.set(log.id, log);
    return log;
  };
  return announce(instance, userActed(instance, phase, log), commit, request);
}

/** Returns whether an action is active: only temporary ones can be, and a cancelled one is not. */
export const isActive = ({ expiry }: UserActionLog, now: number): boolean =>
  expiry !== undefined && now < expiry;

/** Returns the active actions that prevent a user from logging in to any application. */
export function preventingActions(instance: Instance, userId: string): UserActionLogRecord[] {
  const { userActions, userActionLogs } = instance.state;
  return [...userActionLogs.values()].filter(
    (log) =>
      log.actioneeUserId === userId &&
      userActions.get(log.userActionId)?.preventLogin === true &&
      isActive(log, instance.now()),
  );
}

/**
 * Returns the actions that prevent a user from logging in to this application, or without one; an action may name only
 * some applications.
 */
export function actionsAgainst(
  instance: Instance,
  userId: string,
  applicationId: string | undefined,
): UserActionLogRecord[] {
  return preventingActions(instance, userId).filter(
    ({ applicationIds = [] }) =>
      applicationIds.length === 0 || (applicationId !== undefined && applicationIds.includes(applicationId)),
  );
}
