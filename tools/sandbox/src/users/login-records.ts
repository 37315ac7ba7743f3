import { randomUUID } from 'node:crypto';
import type { Instance } from '../instance.js';
import type { UserRecord } from '../state/state.js';

/** FusionAuth stores all by default. */
const maximumRecords = 1_000;

/** Adds an accepted log-in to the login records. */
export function recordLogin(
  instance: Instance,
  { id: userId, tenantId }: UserRecord,
  { applicationId, loginId }: { readonly applicationId?: string | undefined; readonly loginId: string },
): void {
  const id = randomUUID();
  const application = applicationId === undefined ? {} : { applicationId };
  const { loginRecords } = instance.state;
  loginRecords.set(id, { id, instant: instance.now(), loginId, userId, tenantId, ...application });
  const [oldest] = loginRecords.keys();
  if (loginRecords.size > maximumRecords && oldest !== undefined) loginRecords.delete(oldest);
}
