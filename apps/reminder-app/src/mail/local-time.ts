const dayLength = 86_400_000;

/**
 * An instant as the person's own clock and calendar show it, seen from `now`: "today, 18:30 GMT",
 * "tomorrow, 09:00 GMT+9" or "Friday 27 November, 09:00 GMT-5". A zone that is no IANA name counts as UTC.
 */
export function localTime(instant: number, now: number, timeZone: string): string {
  const zone = knownZone(timeZone);
  const time = format(instant, zone, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  return `${day(instant, now, zone)}, ${time}`;
}

function day(instant: number, now: number, timeZone: string): string {
  const distance = (calendarDay(instant, timeZone) - calendarDay(now, timeZone)) / dayLength;
  if (distance === 0) return 'today';
  if (distance === 1) return 'tomorrow';
  if (distance === -1) return 'yesterday';
  return format(instant, timeZone, { weekday: 'long', day: 'numeric', month: 'long' });
}

/** Midnight UTC of the local date: calendar days differ by whole multiples, also where a local day has 23 or 25 hours. */
function calendarDay(instant: number, timeZone: string): number {
  return Date.parse(new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant));
}

const format = (instant: number, timeZone: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(instant);

function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
