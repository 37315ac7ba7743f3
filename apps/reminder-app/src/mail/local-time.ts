import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';
import { timeZoneOf } from '#gatehouse/platform';

/** An instant in a person's calendar and time zone. */
interface LocalTime {
  readonly day: 'earlier' | 'yesterday' | 'today' | 'tomorrow' | 'later';
  /** "Friday 27 November". */
  readonly date: string;
  /** "18:30". */
  readonly time: string;
  /** "GMT+9"; distinguishes the two occurrences of 01:30 when clocks are set back. */
  readonly zone: string;
}

/**
 * Returns `instant` in the person's time zone and calendar, relative to `now`; milliseconds since the epoch. Days are
 * calendar days there: they may have 23 or 25 hours, and one may be missing. An unknown zone counts as UTC.
 */
export function localTime(instant: number, now: number, timeZone: string): LocalTime {
  const zone = timeZoneOf(timeZone) ?? 'UTC';
  const local = zoned(instant, zone);
  return {
    day: dayOf(local, zoned(now, zone)),
    date: format(zone, instant, { weekday: 'long', day: 'numeric', month: 'long' }),
    time: `${twoDigits(local.hour)}:${twoDigits(local.minute)}`,
    zone: zoneName(zone, instant),
  };
}

const zoned = (instant: number, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);

function dayOf(local: Temporal.ZonedDateTime, now: Temporal.ZonedDateTime): LocalTime['day'] {
  const today = now.startOfDay();
  const tomorrow = today.add({ days: 1 }).startOfDay();
  const yesterday = today.subtract({ nanoseconds: 1 }).startOfDay();
  const isBefore = (limit: Temporal.ZonedDateTime) => Temporal.ZonedDateTime.compare(local, limit) < 0;
  if (isBefore(yesterday)) return 'earlier';
  if (isBefore(today)) return 'yesterday';
  if (isBefore(tomorrow)) return 'today';
  return isBefore(tomorrow.add({ days: 1 }).startOfDay()) ? 'tomorrow' : 'later';
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const zoneName = (zone: string, instant: number): string =>
  formatter(zone, { timeZoneName: 'short' })
    .formatToParts(instant)
    .find(({ type }) => type === 'timeZoneName')?.value ?? zone;

const format = (zone: string, instant: number, options: Intl.DateTimeFormatOptions): string =>
  formatter(zone, options).format(instant);

/** Creating a formatter takes longer than the rest of a mail. Enough for the two of each of about 600 zones. */
const formatters = new LRUCache<string, Intl.DateTimeFormat>({ max: 1_200 });

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const cached = formatters.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options });
  formatters.set(key, cached);
  return cached;
}
