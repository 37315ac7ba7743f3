/** The largest body that is looked at, in bytes; more is `too_large`. */
export const maxEventBytes = 262_144;

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

/**
 * The answer to a webhook. A signature that is missing or wrong is 403: 401 demands a challenge (RFC 9110 section
 * 15.5.2), and there is no scheme by which to ask for a signature.
 */
export interface Received {
  readonly status: 200 | 400 | 403 | 413 | 503;
  readonly outcome: EventOutcome;
}
