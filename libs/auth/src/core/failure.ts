/**
 * Every way in which a request can fail to be authenticated; nothing else exists. `reason` is for logs and metrics,
 * the caller sees only the public text of `challenge.ts`.
 */
export type Failure =
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'rejected'; readonly reason: string }
  | Forbidden
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | Unavailable;

export interface Forbidden {
  readonly kind: 'forbidden';
  readonly reason: string;
  /** Roles of which one would do, where that is what is missing. */
  readonly roles?: readonly string[];
  /** The public code; `insufficient_scope` unless said otherwise. */
  readonly code?: 'over_privileged_key';
}

export interface Unavailable {
  readonly kind: 'unavailable';
  readonly operation: string;
  readonly retryAfterSeconds: number;
  /**
   * `dependency`: FusionAuth gave no usable answer, and may recover. `own-credentials`: it refuses ours, an operator must
   * act. `ourselves`: anything unexpected.
   */
  readonly blame: 'dependency' | 'own-credentials' | 'ourselves';
  /** For the log, redacted there. */
  readonly cause?: unknown;
}

export interface Refusal {
  readonly ok: false;
  readonly failure: Failure;
}

const refuse = (failure: Failure): Refusal => ({ ok: false, failure });

/** Nothing was presented. */
export const missing = (): Refusal => refuse({ kind: 'missing' });

/** The request breaks the grammar of a credential; `detail` is shown to the caller. */
export const malformed = (detail: string): Refusal => refuse({ kind: 'malformed', detail });

/** The credential is not accepted, finally. */
export const rejected = (reason: string): Refusal => refuse({ kind: 'rejected', reason });

/** The credential is good, but not for this. */
export const forbidden = (reason: string, because: Pick<Forbidden, 'roles' | 'code'> = {}): Refusal =>
  refuse({ kind: 'forbidden', reason, ...because });

/** Too many attempts; come back after so many seconds. */
export const throttled = (retryAfterSeconds: number): Refusal =>
  refuse({ kind: 'throttled', retryAfterSeconds });

/** The credential could not be checked. Says nothing about it: never 401, never cached, never counted against the caller. */
export const unavailable = (operation: string, because: Partial<Unavailable> = {}): Refusal =>
  refuse({ blame: 'dependency', retryAfterSeconds: 2, ...because, kind: 'unavailable', operation });
