import type { Awaitable } from './awaitable.js';
import type { Carrier } from './carrier.js';
import type { RequestFacts } from './facts.js';
import type { Failure, Refusal } from './failure.js';
import type { Principal } from './principal.js';

/**
 * One way to authenticate: where its credential travels, how it is judged offline and how FusionAuth confirms it. It
 * knows nothing of caching, deadlines, HTTP answers or frameworks: layers and doors do that for all strategies alike.
 */
export type CredentialStrategy<C> = Credential<C> & (Offline<C> | Remote<C> | Confirmed<C>);

interface Credential<C> {
  readonly name: string;
  /** Where the credential travels; the first one is what the API's description shows. */
  readonly consumes: readonly [Carrier, ...Carrier[]];
  /** Says in the API's description what the credential is. */
  readonly description: string;
  readonly challenge: Challenge;
  /**
   * Makes the credential of what the request holds at one of the carriers, or refuses what cannot be one or must not be
   * used like this.
   */
  extract(held: string, carrier: Carrier, request: RequestFacts): Refusal | { readonly credential: C };
  /** Identifies the credential among all of this strategy. Hashed before any use as a key. */
  key(credential: C): string;
  readonly background?: Background;
}

/** Decides without FusionAuth. */
interface Offline<C> {
  judge(credential: C): Awaitable<Verdict>;
  readonly confirm?: undefined;
}

/** Only FusionAuth can decide. */
interface Remote<C> {
  readonly judge?: undefined;
  confirm(credential: C, signal: AbortSignal): Promise<Verdict>;
}

/** Refuses offline what it can, so that hostile input costs FusionAuth nothing, and has the rest confirmed. */
interface Confirmed<C> {
  judge(credential: C): Awaitable<Verdict>;
  confirm(credential: C, signal: AbortSignal, judged: Acceptance): Promise<Verdict>;
}

export type Verdict = Acceptance | Refusal;

export interface Acceptance {
  readonly ok: true;
  readonly principal: Principal;
  /** Instant in milliseconds since the epoch after which the verdict must not be reused. */
  readonly goodUntil?: number;
  /** When the credential was issued, where it says so: what a later revocation is compared with. */
  readonly issued?: Issued;
}

/** Whole seconds since the epoch on the issuer’s clock. */
export interface Issued {
  readonly at: number;
  /** When its user logged in, which may be long before. */
  readonly logInAt?: number;
  /** The state of the revocation list that last cleared it; kept here because every request asks the list. */
  notRevokedAsOf?: number;
}

/** What the strategy invites the caller to present, by RFC 9110 section 11.6.1. */
export interface Challenge {
  readonly scheme: string;
  /** Parameters beside realm, rendered: `charset="UTF-8"` for Basic (RFC 7617 section 2.1). */
  readonly parameters?: readonly string[];
  /** `error` parameter of the scheme for a failure, where its specification defines one (RFC 6750 section 3.1). */
  error?(failure: Failure): string | undefined;
}

/** What a strategy does beside requests, such as fetching keys. */
export interface Background {
  /** Resolves after the first attempt, successful or not. */
  start(): Promise<unknown>;
  close(): void;
  /** Does what is due by now, where the process is frozen between requests and no timer runs; nothing to wait for: undefined. */
  catchUp?(): Awaitable<void>;
  /** Returns a number that changes when everything judged before must be judged again. */
  generation(): number;
  /** The issuer whose tokens it accepts, once known. */
  issuer?(): string | undefined;
  /** Why the strategy cannot judge anything yet (`pending`), or judges on old knowledge (`degraded`). */
  readiness(): StrategyReadiness;
}

export interface StrategyReadiness {
  readonly pending: readonly string[];
  readonly degraded: readonly string[];
}
