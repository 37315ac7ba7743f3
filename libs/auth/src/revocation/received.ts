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
 * Reads the bytes of a webhook's body, called once its signature holds. Reads no further than a little beyond
 * {@link maxEventBytes}; undefined for a body that was cut short.
 */
export type ReadBody = () => Promise<Buffer | undefined>;
