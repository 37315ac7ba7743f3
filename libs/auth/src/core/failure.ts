import type { ProblemCode } from '#gatehouse/platform';

/**
 * Every way in which authentication of a request can fail. `reason` is for logs and metrics; the caller sees only the
 * public text of `challenge.ts`.
 */
export type Failure =
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'rejected'; readonly reason: string }
  | Forbidden
  | Throttled
  | Unavailable;

export interface Forbidden {
  readonly kind: 'forbidden';
  readonly reason: string;
  /** The roles that would allow the request, any one of them; set where a role is missing. */
  readonly roles?: readonly string[];
  /** The public code; `insufficient_scope` by default. */
  readonly code?: Extract<ProblemCode, 'over_privileged_key' | 'csrf_refused'>;
}

export interface Throttled {
  readonly kind: 'throttled';
  readonly retryAfterSeconds: number;
  /** The limit that was exceeded: on refused credentials, or on accepted requests. */
  readonly what: 'attempts' | 'requests';
}

export interface Unavailable {
  readonly kind: 'unavailable';
  readonly operation: string;
  readonly retryAfterSeconds: number;
  /**
   * `dependency`: FusionAuth gave no usable answer, and may recover. `own-credentials`: FusionAuth refuses our
   * credentials; an operator must act. `overload`: too many calls are waiting already, so FusionAuth was not called.
   * `ourselves`: anything unexpected.
   */
  readonly blame: 'dependency' | 'own-credentials' | 'overload' | 'ourselves';
  /** For the log, which redacts it. */
  readonly cause?: unknown;
}

export interface Refusal {
  readonly ok: false;
  readonly failure: Failure;
}

const refuse = (failure: Failure): Refusal => ({ ok: false, failure });

/** No credential was presented. */
export const missing = (): Refusal => refuse({ kind: 'missing' });

/** The request breaks the grammar of a credential; `detail` is shown to the caller. */
export const malformed = (detail: string): Refusal => refuse({ kind: 'malformed', detail });

/** The credential is not accepted, and the decision is final. */
export const rejected = (reason: string): Refusal => refuse({ kind: 'rejected', reason });

/** The credential is genuine, but not allowed here. */
export const forbidden = (reason: string, because: Pick<Forbidden, 'roles' | 'code'> = {}): Refusal =>
  refuse({ kind: 'forbidden', reason, ...because });

/** Rate limited; retry after the given number of seconds. */
export const throttled = (retryAfterSeconds: number, what: Throttled['what'] = 'attempts'): Refusal =>
  refuse({ kind: 'throttled', retryAfterSeconds, what });

/**
 * The credential could not be checked, so nothing is known about it: never 401, never cached, never counted against
 * the caller.
 */
export const unavailable = (operation: string, because: Partial<Unavailable> = {}): Refusal =>
  refuse({ blame: 'dependency', retryAfterSeconds: 2, ...because, kind: 'unavailable', operation });

/** Tells whether the credential was refused for good, as opposed to missing, malformed or not checked. */
export const isRefused = (verdict: { readonly ok: true } | Refusal): verdict is Refusal =>
  !verdict.ok && (verdict.failure.kind === 'rejected' || verdict.failure.kind === 'forbidden');

/** The state of FusionAuth that a verdict implies. */
export type Upstream = 'answers' | 'silent' | 'refuses-us' | 'not-asked';

export function upstreamOf(verdict: { readonly ok: true } | Refusal): Upstream {
  if (verdict.ok) return 'answers';
  if (verdict.failure.kind === 'throttled') return 'not-asked';
  if (verdict.failure.kind !== 'unavailable') return 'answers';
  switch (verdict.failure.blame) {
    case 'dependency':
      return 'silent';
    case 'own-credentials':
      return 'refuses-us';
    case 'overload':
    case 'ourselves':
      return 'not-asked';
  }
}
