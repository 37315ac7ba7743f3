import type { Clock, Logger } from '#gatehouse/platform';
import type { Check, Guarded } from './core/authenticator.js';
import type { Awaitable } from './core/awaitable.js';
import type { Acceptance, CredentialStrategy, Verdict } from './core/strategy.js';
import { breaker } from './layers/breaker.js';
import { bulkhead } from './layers/bulkhead.js';
import { cache, cacheKey, type CacheSettings } from './layers/cache.js';
import { type Ask, deadline } from './layers/deadline.js';
import { type Health, watchHealth } from './layers/health.js';
import type { AuthMetrics } from './layers/metrics.js';
import { negativeCache } from './layers/negative-cache.js';
import { refusalRate } from './layers/refusal-rate.js';
import { noting, revocable, type Revoking } from './layers/revocation.js';
import { singleFlight } from './layers/single-flight.js';
import { throttle } from './layers/throttle.js';
import { lookingUp, seen, type Witness } from './layers/witness.js';

export interface LayerSettings {
  readonly clock: Clock;
  readonly log: Logger;
  /** The longest that FusionAuth may take to confirm a credential, in milliseconds. */
  readonly deadlineMs: number;
  /** How long a credential that FusionAuth confirmed is trusted, in seconds. */
  readonly trustSeconds: number;
  /** How much longer it is accepted while FusionAuth does not answer, in seconds; 0 disables it. */
  readonly graceSeconds: number;
  /** Refusals by FusionAuth that one address may cause in a minute. */
  readonly refusedPerMinute: number;
  /** Maximum number of accepted credentials that a strategy caches, about 1 kB each; 20,000 by default. */
  readonly cacheLimit?: number;
  /** Revokes credentials after they were accepted. */
  readonly revocation?: Revoking | undefined;
  /** Without it the layers are not wrapped. */
  readonly witness?: Witness | undefined;
}

/** A strategy with its layers. */
export interface Layered extends Guarded {
  readonly health?: Health;
}

/**
 * Wraps a strategy in its layers. An offline judgement puts no load on FusionAuth, so it gets only a cache. If
 * FusionAuth confirms, the judgement comes before everything that protects FusionAuth, because it needs no call; its
 * acceptance is cached until its own expiry, so that a new confirmation needs no signature check. Revocations are
 * checked outside all of this, on every request.
 */
export function withLayers(
  strategy: CredentialStrategy<unknown>,
  settings: LayerSettings,
  metrics: AuthMetrics,
): Layered {
  const layered = remembered(strategy, settings, metrics);
  const { revocation, witness } = settings;
  return revocation
    ? { ...layered, check: revocable(layered.check, lookingUp(revocation, witness)) }
    : layered;
}

function remembered(
  strategy: CredentialStrategy<unknown>,
  settings: LayerSettings,
  metrics: AuthMetrics,
): Layered {
  const { clock, cacheLimit: limit = 20_000, trustSeconds, graceSeconds, witness } = settings;
  const { name } = strategy;
  const identify = (credential: unknown) => cacheKey(name, strategy.key(credential));
  const remembering = { clock, limit, generation: () => strategy.background?.generation() ?? 0 };
  if (!strategy.confirm) {
    const judge = judgement((credential) => strategy.judge(credential), settings);
    const check = cache(judge, remembering);
    return { strategy, identify, check };
  }
  const { check, health } = strategy.judge
    ? judgedFirst(strategy, remembering, settings)
    : protect((credential: unknown, signal) => strategy.confirm(credential, signal), name, settings);
  metrics.watch(name, health);
  const cached = cache(check, {
    ...remembering,
    trustMs: trustSeconds * 1000,
    graceMs: graceSeconds * 1000,
    onGrace: () => metrics.graced(name),
  });
  // The flight ends only after the cache has stored the result, so that no caller verifies in between.
  return { strategy, identify, check: singleFlight(cached, witness && (() => witness.joined())), health };
}

type Judge = (credential: unknown) => Awaitable<Verdict>;

function judgement(judge: Judge, { revocation, witness }: LayerSettings): Check<unknown> {
  const watched = seen(judge, 'judgement', witness);
  return revocation ? noting(watched, revocation.note) : watched;
}

interface Protected<C> {
  readonly check: Check<C>;
  readonly health: Health;
}

type Confirming = Extract<
  CredentialStrategy<unknown>,
  { judge(credential: unknown): unknown; confirm: unknown }
>;

function judgedFirst(
  strategy: Confirming,
  remembering: CacheSettings,
  settings: LayerSettings,
): Protected<unknown> {
  const judge = cache(
    judgement((credential) => strategy.judge(credential), settings),
    remembering,
  );
  const { check, health } = protect<{ credential: unknown; judged: Acceptance }>(
    ({ credential, judged }, signal) => strategy.confirm(credential, signal, judged),
    strategy.name,
    settings,
  );
  return {
    health,
    async check(credential, caller) {
      const judged = await judge(credential, caller);
      return judged.ok ? check({ credential, judged }, caller) : judged;
    },
  };
}

/** Wraps a call to FusionAuth in the layers that protect both sides, from the inside out. */
function protect<C>(ask: Ask<C>, name: string, settings: LayerSettings): Protected<C> {
  const { clock, log, deadlineMs, trustSeconds } = settings;
  const timely = deadline(seen(ask, 'confirmation', settings.witness), { name, deadlineMs });
  const sparing = breaker(refusalRate(timely, { clock }), { clock, name });
  const bounded = bulkhead(sparing, { name, maxWaitMs: deadlineMs + 100 });
  const health = watchHealth(bounded, { clock, log, name });
  const throttled = throttle(health.check, { clock, perMinute: settings.refusedPerMinute });
  const check = negativeCache(throttled, { clock, limit: 10_000, trustMs: trustSeconds * 1000 });
  return { check, health };
}
