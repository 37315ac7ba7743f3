import ical, { ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import type { Digest } from './digest.js';

/**
 * The digest's todos that are yet to fall due, as events of no length (RFC 5545), made at `now`. A todo keeps its UID
 * whenever it is due and whichever mail names it, so a calendar moves the event that it has.
 */
export function calendarOf({ sections }: Digest, domain: string, now: number): string | undefined {
  const lines = sections.filter(({ name }) => name !== 'Overdue').flatMap((section) => section.lines);
  if (lines.length === 0) return undefined;
  const calendar = ical({ prodId: { company: 'Gatehouse', product: 'Todo reminders', language: 'EN' } });
  calendar.method(ICalCalendarMethod.PUBLISH);
  for (const { id, title, dueAt } of lines) {
    calendar.createEvent({
      id: `${id}@${domain}`,
      start: new Date(dueAt),
      stamp: new Date(now),
      summary: title,
      // A reminder keeps nobody busy.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return calendar.toString();
}
