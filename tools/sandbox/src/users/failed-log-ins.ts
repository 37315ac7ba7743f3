import type { ApiRequest, Instance } from '../instance.js';
import type { UserRecord } from '../state/state.js';
import { takeAction } from './user-actions.js';

const minuteMs = 60_000;
const unitsMs = {
  MINUTES: minuteMs,
  HOURS: 60 * minuteMs,
  DAYS: 1440 * minuteMs,
  WEEKS: 7 * 1440 * minuteMs,
  MONTHS: 30 * 1440 * minuteMs,
  YEARS: 365 * 1440 * minuteMs,
};

/**
 * Counts a failed log-in. After too many consecutive ones, each within `resetCountInSeconds` of the one before, applies
 * the tenant's user action; without a configured action nothing happens, which is FusionAuth's default.
 */
export async function countFailure(instance: Instance, user: UserRecord, request: ApiRequest): Promise<void> {
  const {
    tooManyAttempts = 5,
    resetCountInSeconds = 60,
    actionDuration = 3,
    actionDurationUnit = 'MINUTES',
    userActionId,
  } = instance.state.tenants.get(user.tenantId)?.failedAuthenticationConfiguration ?? {};
  const action = instance.state.userActions.get(userActionId ?? '');
  if (!action) return;
  const now = instance.now();
  const { count, lastInstant } = user.failedLogins ?? { count: 0, lastInstant: now };
  const failures = now - lastInstant < resetCountInSeconds * 1000 ? count + 1 : 1;
  if (failures < tooManyAttempts) {
    user.failedLogins = { count: failures, lastInstant: now };
    return;
  }
  const expiry = now + actionDuration * unitsMs[actionDurationUnit];
  await takeAction(instance, action, { actioneeUserId: user.id, expiry }, request);
  delete user.failedLogins;
}
