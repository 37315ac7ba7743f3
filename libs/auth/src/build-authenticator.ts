import { type ProblemError, type ProblemType, type Registry, undocumented } from '#gatehouse/platform';
import { askInOrder, type Authenticate, type Guarded, type Outcome } from './core/authenticator.js';
import type { Awaitable } from './core/awaitable.js';
import { type Carrier, openApiScheme } from './core/carrier.js';
import { answerTo, type ChallengeSettings } from './core/challenge.js';
import type { RequestFacts } from './core/facts.js';
import type { Failure } from './core/failure.js';
import type { CredentialStrategy } from './core/strategy.js';
import { audit } from './layers/audit.js';
import { budget } from './layers/budget.js';
import { problemTexts } from './layers/health.js';
import { authMetrics } from './layers/metrics.js';
import { showing } from './layers/witness.js';
import type { PushRevocation } from './revocation/push-revocation.js';
import type { EventOutcome, ReadBody } from './revocation/received.js';
import { type Layered, type LayerSettings, withLayers } from './with-layers.js';

/** The guard of one API, the same behind every door. */
export interface Authenticator {
  /** Names of the enabled strategies, in the order in which they are asked. */
  readonly strategies: readonly string[];
  /**
   * Authenticates a request, by the strategies named in `only` or by all enabled ones. Never throws and always
   * settles; synchronous on a cache hit.
   */
  authenticate(request: RequestFacts, only?: readonly string[]): Awaitable<Outcome>;
  /** Returns the response to a failure; `headers` are those of its outcome. */
  answer(failure: Failure, headers?: Outcome['headers']): ProblemError;
  /**
   * The issuer of access tokens, configured or discovered; undefined until it is known, and where no strategy takes
   * tokens.
   */
  issuer(): string | undefined;
  /** The `type` of its problem+json responses. */
  readonly problemType: ProblemType;
  /** Where credentials travel. A door strips these from an accepted request. */
  readonly consumes: readonly Carrier[];
  /** OpenAPI 3.1 security schemes by strategy name. */
  readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Starts background work; resolves when every strategy has tried once. Later calls return the same promise. */
  start(): Promise<void>;
  /**
   * Replaces `start()` where the process is frozen between requests and timers would not run: called before each
   * request, it does what is due, at most one fetch of the key set. Undefined where nothing is due.
   */
  catchUp(): Awaitable<unknown>;
  close(): void;
  /**
   * Handles a FusionAuth webhook by its `X-FusionAuth-Signature-JWT`; reads the body only if the signature is valid.
   * Never rejects. Present only with REVOCATION=push.
   */
  receiveWebhook?(signature: string | undefined, readBody: ReadBody): Promise<EventOutcome>;
  /** `ready` once every strategy can verify; `reasons` say what is missing, or what runs on stale data. */
  readiness(): { readonly ready: boolean; readonly reasons: readonly string[] };
}

export interface AuthenticatorSettings extends LayerSettings {
  readonly realm: string;
  /** The documentation URL of each error code; `about:blank` unless given. */
  readonly problemType?: ProblemType;
  /** Absolute URL of the protected-resource metadata, once known. */
  readonly resourceMetadata?: () => string | undefined;
  /** Accepted requests per client and minute; undefined means no limit. */
  readonly requestsPerMinute?: number | undefined;
  /** Carriers of credentials that no enabled strategy reads, stripped all the same. */
  readonly alsoStrip?: readonly Carrier[];
  readonly revocation?: PushRevocation | undefined;
  readonly metrics: Registry;
}

export function buildAuthenticator(
  strategies: readonly CredentialStrategy<unknown>[],
  settings: AuthenticatorSettings,
): Authenticator {
  const metrics = authMetrics(settings.metrics);
  const guarded = strategies.map((strategy) => withLayers(strategy, settings, metrics));
  const { requestsPerMinute: perMinute, clock, revocation } = settings;
  const spend = perMinute === undefined ? (inner: Authenticate) => inner : budget({ clock, perMinute });
  const { witness } = settings;
  const watched = (among: readonly Guarded[]) => {
    const audited = audit(metrics.count(spend(askInOrder(among))), settings);
    return witness ? showing(audited, witness) : audited;
  };
  const backgrounds = [...strategies.map(({ background }) => background), revocation];
  const all = watched(guarded);
  const some = remembered((names) =>
    watched(guarded.filter(({ strategy }) => names.includes(strategy.name))),
  );
  return {
    strategies: strategies.map(({ name }) => name),
    authenticate: (request, only) => (only === undefined ? all : some(only))(request),
    answer: (failure, headers) => answerTo(failure, challengesOf(strategies, settings), headers),
    issuer: () =>
      strategies.map(({ background }) => background?.issuer?.()).find((issuer) => issuer !== undefined),
    problemType: settings.problemType ?? undocumented,
    consumes: [...strategies.flatMap(({ consumes }) => consumes), ...(settings.alsoStrip ?? [])],
    securitySchemes: Object.fromEntries(
      strategies.map(({ name, consumes, description }) => [name, openApiScheme(consumes[0], description)]),
    ),
    start: once(async () => {
      await Promise.all(backgrounds.map(async (background) => background?.start()));
    }),
    catchUp: () => catchUp(strategies),
    close: () => backgrounds.forEach((background) => background?.close()),
    readiness: () => readinessOf(guarded, revocation),
    ...(revocation && { receiveWebhook: revocation.receive }),
  };
}

function challengesOf(
  strategies: readonly CredentialStrategy<unknown>[],
  { realm, resourceMetadata: metadata }: AuthenticatorSettings,
): ChallengeSettings {
  const challenges = strategies.map(({ challenge }) => challenge);
  const resourceMetadata = metadata?.();
  return { realm, challenges, ...(resourceMetadata === undefined ? {} : { resourceMetadata }) };
}

/** Returns a function whose every call gets the promise of the first call of `begin`. */
export function once(begin: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => (begun ??= begin());
}

function catchUp(strategies: readonly CredentialStrategy<unknown>[]): Awaitable<unknown> {
  const begun = strategies.map(({ background }) => background?.catchUp?.());
  const due = begun.filter((work) => work instanceof Promise);
  return due.length === 0 ? undefined : Promise.all(due);
}

function readinessOf(
  guarded: readonly Layered[],
  revocation: PushRevocation | undefined,
): ReturnType<Authenticator['readiness']> {
  const ofStrategies = guarded.map(({ strategy, health }) => {
    const { pending, degraded } = strategy.background?.readiness() ?? { pending: [], degraded: [] };
    const problem = health?.problem();
    return {
      pending,
      degraded: [...degraded, ...(problem ? [`${strategy.name}: ${problemTexts[problem]}`] : [])],
    };
  });
  const all = revocation ? [...ofStrategies, revocation.readiness()] : ofStrategies;
  return {
    ready: all.every(({ pending }) => pending.length === 0),
    reasons: all.flatMap(({ pending, degraded }) => [...pending, ...degraded]),
  };
}

/** Caches one authenticate function for each set of strategies; a route's set never changes. */
function remembered(make: (names: readonly string[]) => Authenticate) {
  const made = new Map<string, Authenticate>();
  return (names: readonly string[]): Authenticate => {
    const key = names.join();
    let found = made.get(key);
    if (!found) made.set(key, (found = make(names)));
    return found;
  };
}
