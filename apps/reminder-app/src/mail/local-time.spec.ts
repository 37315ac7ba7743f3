import { localTime } from './local-time.js';

const at = (text: string) => Date.parse(text);
const told = (instant: string, now: string, zone: string) => {
  const { day, time, zone: name } = localTime(at(instant), at(now), zone);
  return `${day} ${time} ${name}`;
};

describe('local time', () => {
  it.each([
    ['Europe/London', 'tomorrow 01:30 GMT'],
    ['America/New_York', 'today 20:30 GMT-5'],
    ['Asia/Tokyo', 'today 10:30 GMT+9'],
  ])('shows the same instant by the calendar and clock of %s', (zone, expected) => {
    expect(told('2026-11-23T01:30:00Z', '2026-11-22T15:30:00Z', zone)).toBe(expected);
  });

  it('names the day beyond tomorrow and before yesterday', () => {
    const now = at('2026-11-22T10:00:00Z');

    expect(localTime(at('2026-11-24T10:00:00Z'), now, 'UTC')).toEqual({
      day: 'later',
      date: 'Tuesday 24 November',
      time: '10:00',
      zone: 'UTC',
    });
    expect(localTime(at('2026-11-21T10:00:00Z'), now, 'UTC')).toMatchObject({ day: 'yesterday' });
    expect(localTime(at('2026-11-20T10:00:00Z'), now, 'UTC')).toMatchObject({
      day: 'earlier',
      date: 'Friday 20 November',
    });
  });

  it.each(['Middle-earth/Shire', '', '../etc/passwd'])('falls back to UTC for the zone %j', (zone) => {
    expect(told('2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z', zone)).toBe('today 10:00 UTC');
  });

  it.each(['+02:00', '+0200', 'GMT+2', 'UTC+02:00'])('knows the offset %s', (zone) => {
    expect(told('2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z', zone)).toBe('today 12:00 GMT+2');
  });

  describe('on the days on which clocks change', () => {
    it.each([
      // Europe/Berlin skips 02:00 to 03:00 on 29 March 2026 and repeats it on 25 October.
      ['Europe/Berlin', '2026-03-29T00:59:00Z', '2026-03-28T12:00:00Z', 'tomorrow 01:59 CET'],
      ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-28T12:00:00Z', 'tomorrow 03:00 CEST'],
      ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-24T12:00:00Z', 'tomorrow 02:30 CEST'],
      ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-24T12:00:00Z', 'tomorrow 02:30 CET'],
      // America/New_York skips 02:00 to 03:00 on 8 March 2026 and repeats 01:00 to 02:00 on 1 November.
      ['America/New_York', '2026-03-08T06:59:00Z', '2026-03-07T17:00:00Z', 'tomorrow 01:59 GMT-5'],
      ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-07T17:00:00Z', 'tomorrow 03:00 GMT-4'],
      ['America/New_York', '2026-11-01T05:30:00Z', '2026-10-31T17:00:00Z', 'tomorrow 01:30 GMT-4'],
      ['America/New_York', '2026-11-01T06:30:00Z', '2026-10-31T17:00:00Z', 'tomorrow 01:30 GMT-5'],
      // Australia/Lord_Howe goes back by half an hour on 5 April 2026 and forward by half an hour on 4 October.
      ['Australia/Lord_Howe', '2026-04-04T14:45:00Z', '2026-04-04T12:00:00Z', 'tomorrow 01:45 GMT+11'],
      ['Australia/Lord_Howe', '2026-04-04T15:15:00Z', '2026-04-04T12:00:00Z', 'tomorrow 01:45 GMT+10:30'],
      ['Australia/Lord_Howe', '2026-10-03T15:29:00Z', '2026-10-03T10:00:00Z', 'tomorrow 01:59 GMT+10:30'],
      ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-10-03T10:00:00Z', 'tomorrow 02:30 GMT+11'],
      // Pacific/Apia had no 30 December 2011: it moved across the date line.
      ['Pacific/Apia', '2011-12-30T09:59:00Z', '2011-12-29T20:00:00Z', 'today 23:59 GMT-10'],
      ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-29T20:00:00Z', 'tomorrow 00:00 GMT+14'],
      ['Pacific/Apia', '2011-12-30T09:59:00Z', '2011-12-31T00:00:00Z', 'yesterday 23:59 GMT-10'],
      ['Pacific/Apia', '2011-12-31T10:00:00Z', '2011-12-29T20:00:00Z', 'later 00:00 GMT+14'],
    ])('in %s %s is, seen from %s, %s', (zone, instant, now, expected) => {
      expect(told(instant, now, zone)).toBe(expected);
    });

    it('names the day that followed the missing one in Apia', () => {
      const { date } = localTime(at('2011-12-30T10:00:00Z'), at('2011-12-29T20:00:00Z'), 'Pacific/Apia');

      expect(date).toBe('Saturday 31 December');
    });

    it.each([
      ['Europe/Berlin, 23 hours', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
      ['Europe/Berlin, 25 hours', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
      ['America/New_York, 23 hours', 'America/New_York', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z'],
      ['America/New_York, 25 hours', 'America/New_York', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
      [
        'Lord Howe, 24 hours and a half',
        'Australia/Lord_Howe',
        '2026-04-04T13:00:00Z',
        '2026-04-05T13:30:00Z',
      ],
      [
        'Lord Howe, 23 hours and a half',
        'Australia/Lord_Howe',
        '2026-10-03T13:30:00Z',
        '2026-10-04T13:00:00Z',
      ],
    ])('calls exactly the hours of such a day today (%s)', (_day, zone, from, until) => {
      const noon = (at(from) + at(until)) / 2;
      const dayOf = (instant: number) => localTime(instant, noon, zone).day;

      expect([at(from) - 1, at(from), at(until) - 1, at(until)].map(dayOf)).toEqual([
        'yesterday',
        'today',
        'today',
        'tomorrow',
      ]);
    });
  });
});
