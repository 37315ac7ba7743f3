import type { Clock } from '#gatehouse/platform';
import { type ApiKeyRoles, noApiKeyRoles } from './api-key/roles.js';
import { inProcessAttempts, type LoginAttempts } from './email-token/login-attempts.js';

/**
 * What the strategies must remember beyond one process. The application supplies it, on its own database. All keys are
 * hashes: no credential and no login id ever reaches it.
 */
export type AuthMemory = ApiKeyRoles & LoginAttempts;

/** Returns an {@link AuthMemory} for one replica. It forgets everything when the process ends. */
export const inProcessMemory = (clock: Clock): AuthMemory => ({
  ...noApiKeyRoles,
  ...inProcessAttempts(clock),
});
