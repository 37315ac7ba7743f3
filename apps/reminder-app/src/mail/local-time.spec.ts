import { localTime } from './local-time.js';

const at = (text: string) => Date.parse(text);

describe('local time', () => {
  it.each([
    ['Europe/London', 'tomorrow, 01:30 GMT'],
    ['America/New_York', 'today, 20:30 GMT-5'],
    ['Asia/Tokyo', 'today, 10:30 GMT+9'],
  ])('tells the same instant by the calendar and clock of %s', (zone, expected) => {
    const now = at('2026-11-22T15:30:00Z');

    expect(localTime(at('2026-11-23T01:30:00Z'), now, zone)).toBe(expected);
  });

  it('names the weekday beyond tomorrow, and yesterday for what is overdue', () => {
    const now = at('2026-11-22T10:00:00Z');

    expect(localTime(at('2026-11-24T10:00:00Z'), now, 'UTC')).toBe('Tuesday 24 November, 10:00 UTC');
    expect(localTime(at('2026-11-21T10:00:00Z'), now, 'UTC')).toBe('yesterday, 10:00 UTC');
  });

  it('tells the two half past one of the night when London sets its clocks back apart', () => {
    const now = at('2026-10-24T12:00:00Z');

    expect(localTime(at('2026-10-25T00:30:00Z'), now, 'Europe/London')).toBe('tomorrow, 01:30 BST');
    expect(localTime(at('2026-10-25T01:30:00Z'), now, 'Europe/London')).toBe('tomorrow, 01:30 GMT');
  });

  it('calls a due date on the other side of a 23-hour or 25-hour day tomorrow', () => {
    expect(localTime(at('2026-03-29T22:30:00Z'), at('2026-03-28T23:30:00Z'), 'Europe/London')).toBe(
      'tomorrow, 23:30 BST',
    );
    expect(localTime(at('2026-10-26T00:30:00Z'), at('2026-10-24T23:15:00Z'), 'Europe/London')).toBe(
      'tomorrow, 00:30 GMT',
    );
  });

  it('knows the half-hour change of Lord Howe', () => {
    const now = at('2026-04-04T12:00:00Z');

    expect(localTime(at('2026-04-04T14:45:00Z'), now, 'Australia/Lord_Howe')).toBe('tomorrow, 01:45 GMT+11');
    expect(localTime(at('2026-04-04T15:15:00Z'), now, 'Australia/Lord_Howe')).toBe(
      'tomorrow, 01:45 GMT+10:30',
    );
  });

  it('falls back to UTC for a zone it does not know', () => {
    const now = at('2026-11-22T10:00:00Z');

    expect(localTime(now, now, 'Middle-earth/Shire')).toBe('today, 10:00 UTC');
  });
});
