import type { Clock } from '#gatehouse/platform';
import { inProcessAttempts, type LoginAttempts } from './email-token/login-attempts.js';

/**
 * The state that the strategies share beyond one process. The application supplies it, on its own database. All keys
 * are hashes: it never receives a credential or a login id.
 */
export interface AuthMemory extends LoginAttempts {
  /**
   * Resolves with the roles recorded for an API key, by the subject of its principal; undefined if there is no
   * record.
   */
  rolesOfApiKey(subject: string): Promise<readonly string[] | undefined>;
}

/** Returns an {@link AuthMemory} for one replica. It forgets everything when the process ends. */
export const inProcessMemory = (clock: Clock): AuthMemory => ({
  ...inProcessAttempts(clock),
  rolesOfApiKey: () => Promise.resolve(undefined),
});
