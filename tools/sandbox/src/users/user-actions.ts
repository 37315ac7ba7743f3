import { randomUUID } from 'node:crypto';
import type { Instance } from '../instance.js';
import type { UserActionLogRecord, UserActionRecord } from '../state/state.js';
import { revokeOn } from '../tokens/sessions.js';
import type { UserActionLog } from '../wire.js';

/** Takes a measure on a user; one that prevents logging in also ends sessions, by the policy `onLoginPrevented`. */
export function takeAction(
  instance: Instance,
  { id: userActionId, name, preventLogin }: UserActionRecord,
  details: UserActionLog & { actioneeUserId: string },
): UserActionLogRecord {
  const log = { ...details, id: randomUUID(), userActionId, name, insertInstant: instance.now() };
  instance.state.userActionLogs.set(log.id, log);
  if (preventLogin) revokeOn('onLoginPrevented', instance, log.actioneeUserId, log.applicationIds);
  return log;
}

/** Only what lasts for a time can be in force; a cancelled measure ends at that instant. */
export const isInForce = ({ expiry }: UserActionLog, now: number): boolean =>
  expiry !== undefined && now < expiry;

/** The measures in force that keep a user from logging in, to any application. */
export function preventingActions(instance: Instance, userId: string): UserActionLogRecord[] {
  const { userActions, userActionLogs } = instance.state;
  return [...userActionLogs.values()].filter(
    (log) =>
      log.actioneeUserId === userId &&
      userActions.get(log.userActionId)?.preventLogin === true &&
      isInForce(log, instance.now()),
  );
}

/** Those that keep a user from logging in to this application, or without one; an action may name only some. */
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
