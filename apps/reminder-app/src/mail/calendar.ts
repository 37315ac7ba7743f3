import ical, { ICalEventTransparency } from 'ical-generator';
import type { Digest } from './digest.js';

/**
 * Returns the digest's todos that are not yet due as events without a duration (RFC 5545), created at `now`. A todo
 * keeps its UID for every due time and in every mail, so that a calendar moves its existing event. The file has no
 * METHOD: with one it would be a scheduling message, whose events need an ORGANIZER (RFC 5546 section 3.2.1), and a
 * reminder that concerns nobody else must not have one (RFC 5545 section 3.8.4.3).
 */
export function calendarOf({ sections }: Digest, domain: string, now: number): string | undefined {
  const lines = sections.filter(({ name }) => name !== 'Overdue').flatMap((section) => section.lines);
  if (lines.length === 0) return undefined;
  const calendar = ical({ prodId: { company: 'Gatehouse', product: 'Todo reminders', language: 'EN' } });
  for (const { id, title, dueAt } of lines) {
    calendar.createEvent({
      id: `${id}@${domain}`,
      // Minutes since the epoch: a later mail's event replaces an earlier one (RFC 5546 section 2.1.4).
      sequence: Math.floor(now / 60_000),
      start: new Date(dueAt),
      stamp: new Date(now),
      summary: title,
      // A reminder does not make its owner busy.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  // The library writes no DURATION, without which some calendars show an hour. No title can imitate the line that is
  // replaced: a line break in a value is escaped, and a folded line begins with a space.
  const file = calendar.toString().replaceAll('\r\nTRANSP:', '\r\nDURATION:PT0S\r\nTRANSP:');
  // The last line must end with a line break too (RFC 5545 section 3.1).
  return `${file}\r\n`;
}
