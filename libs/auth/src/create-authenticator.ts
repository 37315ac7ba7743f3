import { fusionAuthData } from '#gatehouse/fusionauth';
import { systemClock, type Clock, type Logger, type Registry } from '#gatehouse/platform';
import { buildAuthenticator, type Authenticator } from './core/build-authenticator.js';
import { inProcessMemory } from './core/in-process-memory.js';
import type { AuthMemory } from './core/memory.js';
import type { AuthConfig } from './settings.js';
import { catalogue } from './strategies/index.js';

export interface AuthenticatorParts {
  readonly log: Logger;
  readonly metrics: Registry;
  readonly clock?: Clock;
  /** What must be remembered over all replicas; without it each replica remembers for itself. */
  readonly memory?: AuthMemory;
  /** Name of the API in challenges (RFC 9110 section 11.5). */
  readonly realm?: string;
  /** Absolute URL of the protected-resource metadata (RFC 9728), asked for at each refusal. */
  readonly resourceMetadata?: () => string | undefined;
}

/** The guard that the configuration asks for. Call `start()` before the first request and `close()` at the end. */
export function createAuthenticator(config: AuthConfig, parts: AuthenticatorParts): Authenticator {
  const { log, metrics, clock = systemClock, realm = 'api', resourceMetadata } = parts;
  const memory = parts.memory ?? inProcessMemory(clock);
  const fusionAuth = fusionAuthData({
    url: config.FUSIONAUTH_URL,
    tenantId: config.FUSIONAUTH_TENANT_ID,
    applicationId: config.FUSIONAUTH_APPLICATION_ID,
    clientSecret: config.FUSIONAUTH_CLIENT_SECRET,
    apiKey: config.FUSIONAUTH_API_KEY,
    probeGroupId: config.FUSIONAUTH_PROBE_GROUP_ID,
    deadlineMilliseconds: config.FUSIONAUTH_DEADLINE_MS,
  });
  const strategies = config.AUTH_STRATEGY.map((name) =>
    catalogue[name].create(config, { fusionAuth, memory, clock, log }),
  );
  const authenticator = buildAuthenticator(strategies, {
    realm,
    ...(resourceMetadata ? { resourceMetadata } : {}),
    deadlineMilliseconds: config.FUSIONAUTH_DEADLINE_MS,
    trustSeconds: config.CREDENTIAL_CACHE_SECONDS,
    graceSeconds: config.CREDENTIAL_GRACE_SECONDS,
    refusedPerMinute: config.REFUSED_ATTEMPTS_PER_MINUTE,
    requestsPerMinute: config.REQUESTS_PER_MINUTE,
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
