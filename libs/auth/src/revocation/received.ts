/** The largest body that is accepted, in bytes; a larger one is `too_large`. */
export const maxEventBytes = 262_144;

/** The outcome of an event, for metrics. */
export type EventOutcome =
  | 'applied'
  /** Recorded before: a repeat, or covered by a later event. */
  | 'repeated'
  /** Concerns another tenant or application. */
  | 'foreign'
  /** Does not concern access tokens. */
  | 'irrelevant'
  /** Concerns only tokens that have expired since. */
  | 'expired'
  | 'refreshed_keys'
  | 'forged'
  | 'malformed'
  | 'too_large'
  | 'from_the_future'
  /** Could not be verified or stored; the sender should retry. */
  | 'unavailable';

/**
 * Reads the bytes of a webhook's body; called once its signature is verified. Reads only a little beyond {@link
 * maxEventBytes}; undefined for a body that was cut short.
 */
export type ReadBody = () => Promise<Buffer | undefined>;
