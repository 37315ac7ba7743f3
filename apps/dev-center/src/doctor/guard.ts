import {
  authSettings,
  createAuthenticator,
  strategies,
  type AuthConfig,
  type Authenticator,
  type StrategyName,
} from '#gatehouse/auth';
import { createLogger, parseConfig, type Secret } from '#gatehouse/platform';
import { z } from 'zod';
import type { Center } from '../center.js';
import { principalKey } from '../config.js';

const schema = z.object(authSettings);
const silent = createLogger('doctor', 'silent');

/** As the Todo API has it, else as strictly as can be: a session only where the Todo API's own key is known here. */
export function validationOf({ config }: Center): 'session' | 'introspection' | 'local' {
  const { JWT_VALIDATION: wanted = 'session', FUSIONAUTH_API_KEY: key } = config;
  return wanted === 'session' && !key ? 'local' : wanted;
}

/** The settings of the Todo API's guard, as far as they are known here. */
function guardConfig(center: Center, names: readonly StrategyName[]): AuthConfig {
  const { config } = center;
  const reveal = (secret: Secret | undefined) => secret?.reveal();
  return parseConfig(schema, {
    AUTH_STRATEGY: names.join(','),
    JWT_VALIDATION: validationOf(center),
    API_KEY_FORMAT: config.API_KEY_FORMAT,
    MAX_TOKEN_LIFETIME_SECONDS: config.MAX_TOKEN_LIFETIME_SECONDS?.toString(),
    CREDENTIAL_CACHE_SECONDS: '0',
    CREDENTIAL_GRACE_SECONDS: '0',
    FUSIONAUTH_DEADLINE_MS: '5000',
    FUSIONAUTH_URL: config.FUSIONAUTH_URL,
    FUSIONAUTH_TENANT_ID: config.FUSIONAUTH_TENANT_ID,
    FUSIONAUTH_APPLICATION_ID: config.FUSIONAUTH_APPLICATION_ID,
    FUSIONAUTH_ENTITY_ID: config.FUSIONAUTH_ENTITY_ID,
    FUSIONAUTH_PROBE_GROUP_ID: config.FUSIONAUTH_PROBE_GROUP_ID,
    FUSIONAUTH_ISSUER: config.FUSIONAUTH_ISSUER,
    FUSIONAUTH_API_KEY: reveal(config.FUSIONAUTH_API_KEY),
    FUSIONAUTH_CLIENT_SECRET: reveal(config.FUSIONAUTH_CLIENT_SECRET),
    PRINCIPAL_KEY: reveal(principalKey(config)),
  });
}

/** What a strategy needs and is not set here, as `NAME: what is wrong`. */
export const missingFor = (center: Center, strategy: StrategyName): readonly string[] =>
  strategies[strategy].problems(guardConfig(center, [strategy]));

/**
 * The guard of the Todo API itself, which remembers nothing and asks each time. What it judges here is what it would
 * judge there, with the same settings.
 */
export async function openGuard(center: Center, names: readonly StrategyName[]): Promise<Authenticator> {
  const guard = createAuthenticator(guardConfig(center, names), { log: silent, clock: center.clock });
  await guard.start();
  return guard;
}
