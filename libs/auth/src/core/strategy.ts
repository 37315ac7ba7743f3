import type { Awaitable } from './awaitable.js';
import type { Failure, Forbidden, Refusal } from './failure.js';
import type { Principal } from './principal.js';
import type { RequestFacts } from './request-facts.js';

/**
 * One way to authenticate. It knows how a credential is recognised in a request and how it is verified, and nothing of
 * caching, deadlines, HTTP answers or frameworks: layers and doors do that for all strategies alike.
 */
export interface CredentialStrategy<C> {
  readonly name: string;
  readonly challenge: Challenge;
  /** OpenAPI 3.1 security scheme object that documents the strategy. */
  readonly securityScheme: Readonly<Record<string, string>>;
  /** `local` needs no network on the request path; decides which layers stand before it. */
  readonly cost: 'local' | 'remote';
  /**
   * "Not mine" is an answer, not an error; "malformed" is mine and no credential; "rejected" can only have been made up;
   * "forbidden" must not be used like this.
   */
  claim(request: RequestFacts): Claim<C>;
  /** Identifies the credential among all others of this strategy. Hashed before any use as a key. */
  fingerprint(credential: C): string;
  /** What can be judged without asking FusionAuth, before the layers that protect it: hostile input must cost it nothing. */
  screen?(credential: C, signal: AbortSignal): Promise<Verdict>;
  /** `screened` is what the screen found good, for strategies that have one. */
  verify(credential: C, signal: AbortSignal, screened?: Acceptance): Promise<Verdict>;
  /** A number that changes when everything verified before must be verified again. */
  generation?(): number;
  /** The issuer whose tokens it accepts, once known. */
  issuer?(): string | undefined;
  /** Begins background work such as fetching keys; resolves after the first attempt, whatever its outcome. */
  start?(): Promise<unknown>;
  close?(): void;
  /** Why the strategy cannot verify anything yet (`pending`) or verifies on old knowledge (`degraded`). */
  readiness?(): StrategyReadiness;
}

export type Claim<C> =
  | { readonly kind: 'not-mine' }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'forbidden'; readonly reason: string; readonly code: NonNullable<Forbidden['code']> }
  | { readonly kind: 'claimed'; readonly credential: C };

export type Verdict = Acceptance | Refusal;

export interface Acceptance {
  readonly ok: true;
  readonly principal: Principal;
  /** Instant in milliseconds since the epoch after which the verdict must not be reused. */
  readonly goodUntil?: number;
}

/** What the strategy invites the caller to present, by RFC 9110 section 11.6.1. */
export interface Challenge {
  readonly scheme: string;
  /** Parameters beside realm, rendered: `charset="UTF-8"` for Basic (RFC 7617 section 2.1). */
  readonly parameters?: readonly string[];
  /** `error` parameter of the scheme for a failure, where its specification defines one (RFC 6750 section 3.1). */
  error?(failure: Failure): string | undefined;
}

export interface StrategyReadiness {
  readonly pending: readonly string[];
  readonly degraded: readonly string[];
}

/** Who presents a credential, as far as the layers treat one differently from another. */
export interface Caller {
  /** Names the credential; a hash of it. */
  readonly id: string;
  readonly address: string;
  /** The credential was accepted before and not refused since: no flood of strangers may hold it up. */
  readonly known: boolean;
  /** What was found good without asking. */
  readonly screened?: Acceptance;
}

/** Verification with the layers around it. */
export type Check<C> = (credential: C, caller: Caller) => Awaitable<Verdict>;
