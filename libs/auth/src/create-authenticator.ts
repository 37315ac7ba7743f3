import { fusionAuthData } from '#gatehouse/fusionauth';
import { systemClock, type Clock, type Logger, type Registry } from '#gatehouse/platform';
import { buildAuthenticator, type Authenticator } from './core/build-authenticator.js';
import type { AuthConfig } from './settings.js';
import { catalogue } from './strategies/index.js';

export interface AuthenticatorParts {
  readonly log: Logger;
  readonly metrics: Registry;
  readonly clock?: Clock;
  /** Name of the API in challenges (RFC 9110 section 11.5). */
  readonly realm?: string;
  /** Absolute URL of the protected-resource metadata (RFC 9728), asked for at each refusal. */
  readonly resourceMetadata?: () => string | undefined;
}

/** The guard that the configuration asks for. Call `start()` before the first request and `close()` at the end. */
export function createAuthenticator(config: AuthConfig, parts: AuthenticatorParts): Authenticator {
  const { log, metrics, clock = systemClock, realm = 'api', resourceMetadata } = parts;
  const fusionAuth = fusionAuthData({
    url: config.FUSIONAUTH_URL,
    tenantId: config.FUSIONAUTH_TENANT_ID,
    deadlineMilliseconds: config.FUSIONAUTH_DEADLINE_MS,
  });
  const strategies = config.AUTH_STRATEGY.map((name) =>
    catalogue[name].create(config, { fusionAuth, clock, log }),
  );
  const authenticator = buildAuthenticator(strategies, {
    realm,
    ...(resourceMetadata ? { resourceMetadata } : {}),
    deadlineMilliseconds: config.FUSIONAUTH_DEADLINE_MS,
    trustSeconds: config.CREDENTIAL_CACHE_SECONDS,
    clock,
    log,
    metrics,
  });
  return {
    ...authenticator,
    close() {
      authenticator.close();
      void fusionAuth.close();
    },
  };
}
