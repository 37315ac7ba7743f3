import type { Awaitable } from './awaitable.js';
import type { Carrier } from './carrier.js';
import type { RequestFacts } from './facts.js';
import type { Failure, Refusal } from './failure.js';
import type { Principal } from './principal.js';

/**
 * One way to authenticate: where its credential travels, how it is judged offline and how FusionAuth confirms it.
 * Caching, deadlines, HTTP responses and frameworks are not its concern: layers and doors handle them for all
 * strategies.
 */
export type CredentialStrategy<C> = Credential<C> & (Offline<C> | Remote<C> | Confirmed<C>);

interface Credential<C> {
  readonly name: string;
  /** Where the credential travels; the API's description shows the first. */
  readonly consumes: readonly [Carrier, ...Carrier[]];
  /** Describes the credential in the API's description. */
  readonly description: string;
  readonly challenge: Challenge;
  /** Parses the credential from the text of a carrier, or refuses text that cannot be one or must not be used here. */
  extract(held: string, carrier: Carrier, request: RequestFacts): Refusal | { readonly credential: C };
  /** Identifies the credential among all of this strategy. Hashed before any use as a key. */
  key(credential: C): string;
  readonly background?: Background;
}

/** A strategy that decides without FusionAuth. */
interface Offline<C> {
  judge(credential: C): Awaitable<Verdict>;
  readonly confirm?: undefined;
}

/** A strategy that only FusionAuth can decide. */
interface Remote<C> {
  readonly judge?: undefined;
  confirm(credential: C, signal: AbortSignal): Promise<Verdict>;
}

/**
 * A strategy that refuses offline what it can, so that hostile input costs FusionAuth nothing, and has FusionAuth
 * confirm the rest.
 */
interface Confirmed<C> {
  judge(credential: C): Awaitable<Verdict>;
  confirm(credential: C, signal: AbortSignal, judged: Acceptance): Promise<Verdict>;
}

export type Verdict = Acceptance | Refusal;

export interface Acceptance {
  readonly ok: true;
  readonly principal: Principal;
  /** Instant in milliseconds since the epoch after which the verdict must not be reused. */
  readonly expiresAt?: number;
  /** When the credential was issued, if it says so: compared with later revocations. */
  readonly issued?: Issued;
}

/** Times of issue in whole seconds since the epoch, by the issuer's clock. */
export interface Issued {
  readonly at: number;
  /** When its user logged in, which may be long before. */
  readonly logInAt?: number;
  /**
   * The state of the revocation list that last cleared this credential; stored here because every request checks the
   * list.
   */
  notRevokedAsOf?: number;
}

/** The challenge to the caller (RFC 9110 section 11.6.1). */
export interface Challenge {
  readonly scheme: string;
  /** Parameters besides realm, serialized: `charset="UTF-8"` for Basic (RFC 7617 section 2.1). */
  readonly parameters?: readonly string[];
  /**
   * Returns the `error` parameter for a failure, where the scheme's specification defines one (RFC 6750 section 3.1).
   */
  error?(failure: Failure): string | undefined;
}

/** The work that a strategy does outside requests, such as fetching keys. */
export interface Background {
  /** Resolves after the first attempt, successful or not. */
  start(): Promise<unknown>;
  close(): void;
  /**
   * Does what is due now, where the process is frozen between requests and no timer runs; undefined if there is
   * nothing to wait for.
   */
  catchUp?(): Awaitable<void>;
  /** Returns a number that changes when all earlier verdicts must be made again. */
  generation(): number;
  /** Returns the issuer whose tokens it accepts; undefined until it is known. */
  issuer?(): string | undefined;
  /** Says why the strategy cannot judge anything now (`pending`), or judges with stale data (`degraded`). */
  readiness(): StrategyReadiness;
}

export interface StrategyReadiness {
  readonly pending: readonly string[];
  readonly degraded: readonly string[];
}
