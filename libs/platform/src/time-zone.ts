import { LRUCache } from 'lru-cache';

/** Longer than any existing name. */
const longestName = 64;
/**
 * Matches `GMT+2`, `UTC+02:00`: FusionAuth is written in Java, whose `ZoneId` accepts these as offsets. `Intl` does
 * not.
 */
const prefixedOffset = /^(?:UTC|GMT|UT)([+-])(\d{1,2})(?::?(\d{2}))?$/;

interface Known {
  readonly canonical: string | undefined;
}

/** Names by text. A look-up takes 50 µs; names come from outside, so the cache is bounded. */
const known = new LRUCache<string, Known>({ max: 2_000 });

/**
 * Returns the time zone that `name` means, as `Intl` and Temporal name it: the canonical IANA name, or an offset such
 * as `+02:00`. Accepts IANA names in any case, and offsets from UTC (`+02:00`, `+0200`), also after `GMT`, `UTC` or
 * `UT`. Undefined if the name means nothing.
 */
export function timeZoneOf(name: string): string | undefined {
  if (name.length > longestName) return undefined;
  const found = known.get(name) ?? { canonical: canonicalName(name) };
  known.set(name, found);
  return found.canonical;
}

/** Tells whether {@link timeZoneOf} knows the time zone `value`. */
export const isTimeZone = (value: unknown): value is string =>
  typeof value === 'string' && timeZoneOf(value) !== undefined;

function canonicalName(name: string): string | undefined {
  const timeZone = name.replace(
    prefixedOffset,
    (_whole, sign: string, hours: string, minutes = '00') => `${sign}${hours.padStart(2, '0')}:${minutes}`,
  );
  try {
    // `GMT+0` is an IANA name as well.
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
