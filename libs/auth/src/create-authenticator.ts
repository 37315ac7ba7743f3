import { type CallObserver, fusionAuthData } from '#gatehouse/fusionauth';
import {
  type Clock,
  createLogger,
  createMetrics,
  Histogram,
  type Logger,
  type ProblemType,
  type Registry,
  systemClock,
} from '#gatehouse/platform';
import { type Authenticator, buildAuthenticator, once } from './build-authenticator.js';
import type { Witness } from './layers/witness.js';
import { pushRevocation } from './revocation/push-revocation.js';
import { inProcessRevocations, type RevocationMemory } from './revocation/revocation-memory.js';
import { selfCheck } from './self-check.js';
import type { AuthConfig } from './settings.js';
import { catalogue } from './strategies/index.js';
import { KeySource } from './strategies/jwt/key-source.js';
import { type AuthMemory, inProcessMemory } from './strategies/memory.js';

export interface AuthenticatorParts {
  /** Writes JSON lines to stdout unless given. */
  readonly log?: Logger;
  /** The registry of its metrics; without one they are counted but cannot be read. */
  readonly metrics?: Registry;
  readonly clock?: Clock;
  /** State that all replicas must share; without it each replica keeps a copy of its own. */
  readonly memory?: AuthMemory;
  /** Where revocations are stored for all replicas, with REVOCATION=push; without it each replica stores its own. */
  readonly revocations?: RevocationMemory;
  /** Name of the API in challenges (RFC 9110 section 11.5); `api` unless given. */
  readonly realm?: string;
  /** The `type` of a refusal by its code (RFC 9457): an absolute URL of your documentation; `about:blank` unless given. */
  readonly problemType?: ProblemType;
  /** Returns the absolute URL of the protected-resource metadata (RFC 9728); called at each refusal. */
  readonly resourceMetadata?: () => string | undefined;
  /** Sees how each request is decided, for a display; without one nothing is slower. */
  readonly witness?: Witness | undefined;
}

/**
 * Creates the guard that the configuration describes. A door starts it; call `start()` yourself if you use no door or
 * need it earlier. Call `close()` when you are done.
 */
export function createAuthenticator(config: AuthConfig, parts: AuthenticatorParts = {}): Authenticator {
  const { log = createLogger('auth', 'info'), metrics = createMetrics() } = parts;
  const { clock = systemClock, realm = 'api', resourceMetadata, problemType, witness } = parts;
  const { memory = inProcessMemory(clock) } = parts;
  const fusionAuth = connect(config, metrics, witness);
  const keys = new KeySource({ fetchKeySet: fusionAuth.readKeySet, clock, log });
  const made = { fusionAuth, keys, memory, clock, log };
  const strategies = config.AUTH_STRATEGY.map((name) => catalogue[name].create(config, made));
  const pushed = () => ({ ...made, metrics, memory: parts.revocations ?? inProcessRevocations(clock) });
  const revocation = config.REVOCATION === 'push' ? pushRevocation(config, pushed()) : undefined;
  const authenticator = buildAuthenticator(strategies, {
    realm,
    ...(resourceMetadata && { resourceMetadata }),
    ...(problemType && { problemType }),
    ...limitsOf(config),
    alsoStrip: Object.values(catalogue).flatMap(({ consumes }) => consumes),
    revocation,
    witness,
    clock,
    log,
    metrics,
  });
  const setUp = selfCheck(config, fusionAuth, { log, clock });
  return {
    ...authenticator,
    start: once(async () => {
      await authenticator.start();
      await setUp.start();
    }),
    readiness() {
      const { ready, reasons } = authenticator.readiness();
      return { ready, reasons: [...reasons, ...setUp.findings()] };
    },
    close() {
      setUp.close();
      authenticator.close();
      void fusionAuth.close();
    },
  };
}

const limitsOf = (config: AuthConfig) => ({
  deadlineMs: config.FUSIONAUTH_DEADLINE_MS,
  trustSeconds: config.CREDENTIAL_CACHE_SECONDS,
  graceSeconds: config.CREDENTIAL_GRACE_SECONDS,
  refusedPerMinute: config.REFUSED_ATTEMPTS_PER_MINUTE,
  requestsPerMinute: config.REQUESTS_PER_MINUTE,
});

const connect = (config: AuthConfig, metrics: Registry, witness: Witness | undefined) =>
  fusionAuthData({
    url: config.FUSIONAUTH_URL,
    tenantId: config.FUSIONAUTH_TENANT_ID,
    applicationId: config.FUSIONAUTH_APPLICATION_ID,
    clientSecret: config.FUSIONAUTH_CLIENT_SECRET,
    apiKey: config.FUSIONAUTH_API_KEY,
    probeGroupId: config.FUSIONAUTH_PROBE_GROUP_ID,
    deadlineMs: config.FUSIONAUTH_DEADLINE_MS,
    onCall: bothOf(callMetrics(metrics), witness),
  });

const bothOf = (count: CallObserver, witness: Witness | undefined): CallObserver =>
  witness
    ? (...call) => {
        count(...call);
        witness.called(...call);
      }
    : count;

/** Measures the time of calls to FusionAuth, by operation and class of answer. */
function callMetrics(registry: Registry): CallObserver {
  const seconds = new Histogram({
    name: 'gatehouse_fusionauth_call_seconds',
    help: 'Time of calls to FusionAuth by operation and answer: 2xx, 3xx, 4xx, 5xx or none.',
    labelNames: ['operation', 'answer'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  return (operation, status, durationMs) =>
    seconds.observe(
      { operation, answer: status === undefined ? 'none' : `${Math.floor(status / 100)}xx` },
      durationMs / 1000,
    );
}
