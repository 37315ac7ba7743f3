import type { Clock, Logger, ProblemError, Registry } from '#gatehouse/platform';
import { audit } from '../layers/audit.js';
import { breaker } from '../layers/breaker.js';
import { cache } from '../layers/cache.js';
import { deadline } from '../layers/deadline.js';
import { metrics } from '../layers/metrics.js';
import { singleFlight } from '../layers/single-flight.js';
import { askInOrder, type Guarded, type Outcome } from './authenticator.js';
import { answerTo, type ChallengeSettings } from './challenge.js';
import type { Failure } from './failure.js';
import { cacheKey } from './fingerprint.js';
import type { RequestFacts } from './request-facts.js';
import type { Check, CredentialStrategy } from './strategy.js';

/** The guard of one API, whatever door it stands behind. */
export interface Authenticator {
  /** Names of the enabled strategies, in the order in which they are asked. */
  readonly strategies: readonly string[];
  /** Authenticates a request, by `only` one strategy where a name is given. Never throws, never hangs. */
  authenticate(request: RequestFacts, only?: string): Promise<Outcome>;
  /** What the caller is told of a failure. */
  answer(failure: Failure): ProblemError;
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
  /** Absolute URL of the protected-resource metadata, once known. */
  readonly resourceMetadata?: () => string | undefined;
  /** The longest a remote verification may take, in milliseconds. */
  readonly deadlineMilliseconds: number;
  /** How long a remotely verified credential is trusted, in seconds. */
  readonly trustSeconds: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
}

/** Most verified credentials remembered by one strategy; about 1 kB each. */
const cacheLimit = 20_000;

export function buildAuthenticator(
  strategies: readonly CredentialStrategy<unknown>[],
  settings: AuthenticatorSettings,
): Authenticator {
  const guarded = strategies.map((strategy) => ({ strategy, check: withLayers(strategy, settings) }));
  const watched = (among: readonly Guarded[]) => audit(count(askInOrder(among)), settings);
  const count = metrics(settings.metrics);
  const all = watched(guarded);
  const single = new Map(guarded.map((one) => [one.strategy.name, watched([one])]));
  const readiness = () =>
    strategies.map((strategy) => strategy.readiness?.() ?? { pending: [], degraded: [] });
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
    answer: (failure) => answerTo(failure, challenges()),
    securitySchemes: Object.fromEntries(strategies.map(({ name, securityScheme }) => [name, securityScheme])),
    async start() {
      await Promise.all(strategies.map(async (strategy) => strategy.start?.()));
    },
    close: () => strategies.forEach((strategy) => strategy.close?.()),
    readiness: () => ({
      ready: readiness().every(({ pending }) => pending.length === 0),
      reasons: readiness().flatMap(({ pending, degraded }) => [...pending, ...degraded]),
    }),
  };
}

/**
 * The recipe, from the inside out. A local verification needs no deadline: it waits for nothing but the key source,
 * which has its own. The screen stands before everything that protects FusionAuth, for it does not ask it.
 */
function withLayers<C>(strategy: CredentialStrategy<C>, settings: AuthenticatorSettings): Check<C> {
  const { clock, trustSeconds, deadlineMilliseconds } = settings;
  const key = (credential: C) => cacheKey(strategy.name, strategy.fingerprint(credential));
  const remembering = { clock, key, limit: cacheLimit, generation: () => strategy.generation?.() ?? 0 };
  if (strategy.cost === 'local') {
    return cache((credential) => strategy.verify(credential, never), remembering);
  }
  const timely = deadline(strategy, { milliseconds: deadlineMilliseconds });
  const sparing = breaker(timely, { clock, name: strategy.name });
  // Inside the flight, so that many who present one new token at once cost one signature check.
  const once = singleFlight(screened(sparing, strategy), { key });
  return cache(once, { ...remembering, trustMilliseconds: trustSeconds * 1000 });
}

const screened = <C>(inner: Check<C>, strategy: CredentialStrategy<C>): Check<C> => {
  if (!strategy.screen) return inner;
  return async (credential) => {
    const verdict = await strategy.screen?.(credential, never);
    return verdict && !verdict.ok ? verdict : inner(credential);
  };
};

const never = new AbortController().signal;
