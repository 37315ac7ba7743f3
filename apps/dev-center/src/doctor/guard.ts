import { authSettings, createAuthenticator, type Authenticator } from '#gatehouse/auth';
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

/**
 * The guard of the Todo API itself, which remembers nothing and asks each time. What it judges here is what it would
 * judge there, with the same settings.
 */
export async function openGuard(center: Center, strategies: readonly string[]): Promise<Authenticator> {
  const { config, clock } = center;
  const reveal = (secret: Secret | undefined) => secret?.reveal();
  const settings = parseConfig(schema, {
    AUTH_STRATEGY: strategies.join(','),
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
  const guard = createAuthenticator(settings, { log: silent, clock });
  await guard.start();
  return guard;
}
