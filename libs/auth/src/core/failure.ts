/**
 * Every way in which a request can fail to be authenticated; nothing else exists. `reason` is for logs and metrics,
 * the caller sees only the public text of `challenge.ts`.
 */
export type Failure =
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'forbidden'; readonly reason: string; readonly roles?: readonly string[] }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'unavailable'; readonly operation: string; readonly retryAfterSeconds: number };

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

/** The credential is good, but not for this; `roles` are those of which one would do. */
export const forbidden = (reason: string, roles?: readonly string[]): Refusal =>
  refuse({ kind: 'forbidden', reason, ...(roles ? { roles } : {}) });

/** The credential could not be checked. Says nothing about it: never 401, never cached, never counted against the caller. */
export const unavailable = (operation: string, retryAfterSeconds = 2): Refusal =>
  refuse({ kind: 'unavailable', operation, retryAfterSeconds });
