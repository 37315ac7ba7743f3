import { LRUCache } from 'lru-cache';

/** Longer than any name there is. */
const longestName = 64;
/** `GMT+2`, `UTC+02:00`: FusionAuth is written in Java, whose `ZoneId` takes these for offsets. `Intl` does not. */
const prefixedOffset = /^(?:UTC|GMT|UT)([+-])(\d{1,2})(?::?(\d{2}))?$/;

interface Known {
  readonly canonical: string | undefined;
}

/** Looking a name up takes 50 µs. Names come from outside, so that what is remembered has a bound. */
const known = new LRUCache<string, Known>({ max: 2_000 });

/**
 * The time zone that `name` means, as `Intl` and Temporal know it: the canonical IANA name, or an offset as `+02:00`.
 * Takes IANA names in any case, offsets from UTC (`+02:00`, `+0200`), and these after `GMT`, `UTC` or `UT`. Undefined when
 * the name means nothing.
 */
export function timeZoneOf(name: string): string | undefined {
  if (name.length > longestName) return undefined;
  const found = known.get(name) ?? { canonical: canonicalName(name) };
  known.set(name, found);
  return found.canonical;
}

/** Whether `value` names a time zone that {@link timeZoneOf} knows. */
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
