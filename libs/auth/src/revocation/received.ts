/** What became of an event, for metrics. */
export type EventOutcome =
  | 'applied'
  /** Kept before: a repeat, or one that an event later than it covers. */
  | 'repeated'
  /** Of another tenant or application. */
  | 'foreign'
  /** Says nothing about access tokens. */
  | 'irrelevant'
  /** Concerns only tokens that have expired since. */
  | 'expired'
  | 'refreshed_keys'
  | 'forged'
  | 'malformed'
  | 'too_large'
  | 'from_the_future'
  /** Could not be checked or kept: to be sent again. */
  | 'unavailable';

/** The answer to a webhook. */
export interface Received {
  readonly status: 200 | 400 | 401 | 413 | 503;
  readonly outcome: EventOutcome;
}
