import { type AuthConfig, readAuthConfig } from '../../libs/auth/src/settings.js';
import type { Issuer } from '../../tools/attack/src/issuer/start-issuer.js';
import type { Mode } from '../../tools/attack/src/target.js';

export const modeSettings: Readonly<Record<Mode, Readonly<Record<string, string>>>> = {
  local: { JWT_VALIDATION: 'local' },
  introspection: { JWT_VALIDATION: 'introspection' },
  session: { JWT_VALIDATION: 'session', FUSIONAUTH_API_KEY: 'any-key-will-do-for-this-issuer' },
  cookies: { JWT_VALIDATION: 'local', TOKEN_LOCATION: 'header,cookie' },
};

/** Returns the settings of the guard in a mode, as a reader would write them. */
export const settingsText = (mode: Mode): string =>
  Object.entries({ AUTH_STRATEGY: 'jwt', ...modeSettings[mode] })
    .filter(([name]) => name !== 'FUSIONAUTH_API_KEY')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** Returns the environment of a guard in front of the issuer. */
export const guardEnvironment = (
  { url, target }: Pick<Issuer, 'url' | 'target'>,
  mode: Mode,
): Readonly<Record<string, string>> => ({
  ...modeSettings[mode],
  FUSIONAUTH_URL: url,
  FUSIONAUTH_APPLICATION_ID: target.applicationId,
  FUSIONAUTH_TENANT_ID: target.tenantId,
  ...(target.entityId !== undefined && { FUSIONAUTH_ENTITY_ID: target.entityId }),
  FUSIONAUTH_DEADLINE_MS: '5000',
  // The throttle has its own tests; here it would hide the reason of a refusal.
  REFUSED_ATTEMPTS_PER_MINUTE: '1000000',
});

/** Returns the settings of that guard. */
export const guardConfig = (
  issuer: Pick<Issuer, 'url' | 'target'>,
  mode: Mode,
  more: Readonly<Record<string, string>> = {},
): AuthConfig => readAuthConfig({ ...guardEnvironment(issuer, mode), ...more });
