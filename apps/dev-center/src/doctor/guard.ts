import { authSettings, createAuthenticator, type Authenticator } from '#gatehouse/auth';
import { createLogger, parseConfig, type Secret } from '#gatehouse/platform';
import { z } from 'zod';
import type { Center } from '../center.js';

const schema = z.object(authSettings);
const silent = createLogger('doctor', 'silent');

/** How strictly the guard can look: a session only where the Todo API's own key is known here. */
export const validationOf = ({ config }: Center): 'session' | 'local' =>
  config.FUSIONAUTH_API_KEY ? 'session' : 'local';

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
    PRINCIPAL_KEY: reveal(config.PRINCIPAL_KEY),
  });
  const guard = createAuthenticator(settings, { log: silent, clock });
  await guard.start();
  return guard;
}
