import {
  undocumented,
  type Clock,
  type Logger,
  type ProblemError,
  type ProblemType,
  type Registry,
} from '#gatehouse/platform';
import { audit } from '../layers/audit.js';
import { breaker } from '../layers/breaker.js';
import { budget } from '../layers/budget.js';
import { bulkhead } from '../layers/bulkhead.js';
import { cache, type CacheSettings } from '../layers/cache.js';
import { sentences, watchCondition, type Condition } from '../layers/condition.js';
import { deadline } from '../layers/deadline.js';
import { authMetrics, type AuthMetrics } from '../layers/metrics.js';
import { negativeCache } from '../layers/negative-cache.js';
import { refusalRate } from '../layers/refusal-rate.js';
import { screen } from '../layers/screen.js';
import { singleFlight } from '../layers/single-flight.js';
import { throttle } from '../layers/throttle.js';
import { askInOrder, type Authenticate, type Guarded, type Outcome } from './authenticator.js';
import type { Awaitable } from './awaitable.js';
import { answerTo, type ChallengeSettings } from './challenge.js';
import type { Failure } from './failure.js';
import { cacheKey } from './fingerprint.js';
import type { RequestFacts } from './request-facts.js';
import type { Check, CredentialStrategy, StrategyReadiness } from './strategy.js';

/** The guard of one API, whatever door it stands behind. */
export interface Authenticator {
  /** Names of the enabled strategies, in the order in which they are asked. */
  readonly strategies: readonly string[];
  /** Authenticates a request, by `only` one strategy where a name is given. Never throws, never hangs; at once if known. */
  authenticate(request: RequestFacts, only?: string): Awaitable<Outcome>;
  /** What the caller is told of a failure; `headers` are those of the outcome. */
  answer(failure: Failure, headers?: Outcome['headers']): ProblemError;
  /** The issuer of access tokens, configured or discovered; undefined until known, and where no strategy takes tokens. */
  issuer(): string | undefined;
  /** The `type` of its answers as problem+json. */
  readonly problemType: ProblemType;
  /** OpenAPI 3.1 security schemes by strategy name. */
  readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Begins background work; resolves when every strategy has tried once. */
  start(): Promise<void>;
  close(): void;
  /** `ready` once every strategy can verify; `reasons` say what is missing, or what runs on old knowledge. */
  readiness(): { readonly ready: boolean; readonly reasons: readonly string[] };
}

export interface AuthenticatorSettings {
  readonly realm: string;
  /** Where each code is documented; `about:blank` unless given. */
  readonly problemType?: ProblemType;
  /** Absolute URL of the protected-resource metadata, once known. */
  readonly resourceMetadata?: () => string | undefined;
  /** The longest a remote verification may take, in milliseconds. */
  readonly deadlineMilliseconds: number;
  /** How long a remotely verified credential is trusted, in seconds. */
  readonly trustSeconds: number;
  /** How much longer it is accepted while FusionAuth cannot be asked, in seconds; 0 never. */
  readonly graceSeconds: number;
  /** Refusals by FusionAuth that one address may cause in a minute. */
  readonly refusedPerMinute: number;
  /** Accepted requests of one client in a minute; without it nobody counts. */
  readonly requestsPerMinute?: number | undefined;
  /** Most verified credentials that a strategy remembers, some 1 kB each; 20,000 unless said otherwise. */
  readonly cacheLimit?: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
}

export function buildAuthenticator(
  strategies: readonly CredentialStrategy<unknown>[],
  settings: AuthenticatorSettings,
): Authenticator {
  const metrics = authMetrics(settings.metrics);
  const guarded = strategies.map((strategy) => withLayers(strategy, settings, metrics));
  const { requestsPerMinute: perMinute, clock } = settings;
  const spend = perMinute === undefined ? (inner: Authenticate) => inner : budget({ clock, perMinute });
  const watched = (among: readonly Guarded[]) => audit(metrics.count(spend(askInOrder(among))), settings);
  const all = watched(guarded);
  const single = new Map(guarded.map((one) => [one.strategy.name, watched([one])]));
  const challenges = (): ChallengeSettings => {
    const resourceMetadata = settings.resourceMetadata?.();
    return {
      realm: settings.realm,
      challenges: strategies.map(({ challenge }) => challenge),
      ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
    };
  };
  return {
    strategies: strategies.map(({ name }) => name),
    authenticate: (request, only) => (only === undefined ? all : (single.get(only) ?? watched([])))(request),
    answer: (failure, headers) => answerTo(failure, challenges(), headers),
    issuer: () => strategies.map((strategy) => strategy.issuer?.()).find((issuer) => issuer !== undefined),
    problemType: settings.problemType ?? undocumented,
    securitySchemes: Object.fromEntries(strategies.map(({ name, securityScheme }) => [name, securityScheme])),
    async start() {
      await Promise.all(strategies.map(async (strategy) => strategy.start?.()));
    },
    close: () => strategies.forEach((strategy) => strategy.close?.()),
    readiness() {
      const all = guarded.map(readinessOf);
      return {
        ready: all.every(({ pending }) => pending.length === 0),
        reasons: all.flatMap(({ pending, degraded }) => [...pending, ...degraded]),
      };
    },
  };
}

interface Layered extends Guarded {
  readonly condition?: Condition;
}

function readinessOf({ strategy, condition }: Layered): StrategyReadiness {
  const { pending, degraded } = strategy.readiness?.() ?? { pending: [], degraded: [] };
  const trouble = condition?.trouble();
  return { pending, degraded: trouble ? [...degraded, `${strategy.name}: ${sentences[trouble]}`] : degraded };
}

/**
 * The recipe, from the inside out. A local verification needs nothing of what protects FusionAuth: it waits for the key
 * source only, which protects itself. The screen stands before all that, for it asks nobody. The flight ends once the
 * cache has remembered, so that nobody asks in between.
 */
function withLayers(
  strategy: CredentialStrategy<unknown>,
  settings: AuthenticatorSettings,
  metrics: AuthMetrics,
): Layered {
  const { clock, log, cacheLimit: limit = 20_000, deadlineMilliseconds: milliseconds } = settings;
  const { name } = strategy;
  const identify = (credential: unknown) => cacheKey(name, strategy.fingerprint(credential));
  const remembering = { clock, limit, generation: () => strategy.generation?.() ?? 0 };
  if (strategy.cost === 'local') {
    const check = cache<unknown>((credential) => strategy.verify(credential, never), remembering);
    return { strategy, identify, check };
  }
  const timely = deadline(strategy, { milliseconds });
  const sparing = breaker(refusalRate(timely, { clock }), { clock, name });
  const bounded = bulkhead(sparing, { name, patienceMilliseconds: milliseconds + 100 });
  const watched = watchCondition(bounded, { clock, log, name });
  const throttled = throttle(watched.check, { clock, perMinute: settings.refusedPerMinute });
  const trustMilliseconds = settings.trustSeconds * 1000;
  const refusing = negativeCache(throttled, { clock, limit: 10_000, milliseconds: trustMilliseconds });
  const cached = cache(screened(refusing, strategy, remembering), {
    ...remembering,
    trustMilliseconds,
    graceMilliseconds: settings.graceSeconds * 1000,
    onGrace: () => metrics.graced(name),
  });
  metrics.watch(name, watched);
  return { strategy, identify, check: singleFlight(cached), condition: watched };
}

/** What the screen found good holds until its own expiry: asking FusionAuth again needs no signature check. */
function screened(
  inner: Check<unknown>,
  strategy: CredentialStrategy<unknown>,
  remembering: CacheSettings,
): Check<unknown> {
  const judge = strategy.screen?.bind(strategy);
  return judge
    ? screen(
        inner,
        cache((credential) => judge(credential, never), remembering),
      )
    : inner;
}

const never = new AbortController().signal;
