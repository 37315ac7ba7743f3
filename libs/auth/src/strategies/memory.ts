import type { Clock } from '#gatehouse/platform';
import { inProcessAttempts, type LoginAttempts } from './email-token/login-attempts.js';

/**
 * What the strategies must remember beyond one process. The application supplies it, on its own database. All keys are
 * hashes: no credential and no login id ever reaches it.
 */
export interface AuthMemory extends LoginAttempts {
  /** Resolves with the roles recorded for an API key, by the subject of its principal; undefined where there is no record. */
  rolesOfApiKey(subject: string): Promise<readonly string[] | undefined>;
}

/** Returns an {@link AuthMemory} for one replica. It forgets everything when the process ends. */
export const inProcessMemory = (clock: Clock): AuthMemory => ({
  ...inProcessAttempts(clock),
  rolesOfApiKey: () => Promise.resolve(undefined),
});
