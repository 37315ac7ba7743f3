import { isTimeZone, timeZoneOf } from './time-zone.js';

describe('a time zone', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['America/Argentina/Buenos_Aires', 'America/Buenos_Aires'],
    ['Asia/Kolkata', 'Asia/Calcutta'],
    ['Etc/GMT+2', 'Etc/GMT+2'],
    ['UTC', 'UTC'],
    ['GMT0', 'UTC'],
  ])('is known by its IANA name %s', (name, canonical) => {
    expect(timeZoneOf(name)).toBe(canonical);
    expect(isTimeZone(name)).toBe(true);
  });

  it.each([
    ['+02:00', '+02:00'],
    ['+0200', '+02:00'],
    ['-03:30', '-03:30'],
    ['GMT+2', '+02:00'],
    ['GMT-11', '-11:00'],
    ['UTC+02:00', '+02:00'],
    ['UTC+0530', '+05:30'],
    ['UT-5', '-05:00'],
  ])('is known by its offset %s from UTC', (name, canonical) => {
    expect(timeZoneOf(name)).toBe(canonical);
    expect(isTimeZone(name)).toBe(true);
  });

  it.each([
    ...['', ' ', 'Mars/Olympus', 'Europe/Berlin ', 'posix/Europe/Berlin', 'localtime', '../../etc/passwd'],
    ...['GMT+25', 'UTC+2:0', 'UTC+', 'GMT+2\n', '+24:00', 'z'.repeat(65), `${' '.repeat(60)}UTC  `],
  ])('is none where the name %j means nothing', (name) => {
    expect(timeZoneOf(name)).toBeUndefined();
    expect(isTimeZone(name)).toBe(false);
  });

  it.each([7, null, undefined, {}, ['UTC']])('is no %j', (value) => {
    expect(isTimeZone(value)).toBe(false);
  });

  it.each(['UTC', 'Europe/Berlin', 'Mars/Olympus'])('is looked up once where it is %s', (name) => {
    timeZoneOf(name);
    expect(lookupsOf(name)).toBe(0);
  });

  it('is not looked up, nor remembered, where its name is longer than any', () => {
    expect(lookupsOf('never asked for before')).toBe(1);
    expect(lookupsOf(`Europe/${'x'.repeat(60)}`)).toBe(0);
  });

  /** How often `Intl` is asked by one call. */
  function lookupsOf(name: string): number {
    const real = Intl.DateTimeFormat;
    let lookups = 0;
    Intl.DateTimeFormat = new Proxy(real, {
      construct: (...args) => (lookups++, Reflect.construct(...args) as object),
    });
    try {
      timeZoneOf(name);
    } finally {
      Intl.DateTimeFormat = real;
    }
    return lookups;
  }
});
