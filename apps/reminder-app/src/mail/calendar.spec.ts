import { calendarOf } from './calendar.js';
import { digestOf } from './digest.js';

const hour = 3_600_000;
const now = Date.parse('2026-11-22T10:00:00Z');

const due = (title: string, hours = 8.5, id = 'abc') => ({ id, title, dueAt: now + hours * hour });

function calendar(todos: ReturnType<typeof due>[], at = now): string {
  const digest = digestOf({ todos, total: todos.length, timeZone: 'Asia/Tokyo' }, at);
  return calendarOf(digest, 'gatehouse.example', at) ?? 'none';
}

interface Component {
  readonly name: string;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly components: readonly Component[];
}

/** Reads one component by the grammar of RFC 5545 section 3.1 and 3.6; throws where the file breaks it. */
function parse(file: string): Component {
  if (!file.endsWith('\r\n')) throw new Error('the last line has no end');
  for (const line of file.split('\r\n'))
    if (Buffer.byteLength(line) > 75 || /[\r\n\ufffd]/.test(line)) throw new Error(`line: ${line}`);
  const lines = file.slice(0, -2).replaceAll('\r\n ', '').split('\r\n');
  const read = (name: string): Component => {
    const properties: [string, string][] = [];
    const components: Component[] = [];
    for (;;) {
      const [, key, value] = /^([A-Z-]+):(.*)$/.exec(lines.shift() ?? '') ?? [];
      if (key === undefined || value === undefined) throw new Error('no content line');
      if (key === 'END' && value === name) return { name, properties, components };
      if (key === 'BEGIN') components.push(read(value));
      else properties.push([key, value]);
    }
  };
  const calendar = lines.shift() === 'BEGIN:VCALENDAR' ? read('VCALENDAR') : undefined;
  if (!calendar || lines.length > 0) throw new Error('not one calendar');
  return calendar;
}

const once = ({ properties }: Component, name: string): string | undefined => {
  const values = properties.filter(([key]) => key === name).map(([, value]) => value);
  expect(values.length).toBeLessThanOrEqual(1);
  return values[0];
};

const utc = /^\d{8}T\d{6}Z$/;

describe('the calendar file', () => {
  it('has the properties that RFC 5545 section 3.6.1 requires, and is not a scheduling message', () => {
    const file = parse(calendar([due('Water the plants', 8.5, 'a'), due('Call the bank', 23, 'b')]));

    expect(once(file, 'VERSION')).toBe('2.0');
    expect(once(file, 'PRODID')).toMatch(/^-\/\/.+\/\/.+\/\/EN$/);
    // With a METHOD each event would need an ORGANIZER (RFC 5546 section 3.2.1); neither makes sense without the other.
    expect(once(file, 'METHOD')).toBeUndefined();
    expect(file.components.map(({ name }) => name)).toEqual(['VEVENT', 'VEVENT']);
    for (const event of file.components) {
      expect(once(event, 'ORGANIZER')).toBeUndefined();
      expect(once(event, 'DTSTAMP')).toMatch(utc);
      expect(once(event, 'DTSTART')).toMatch(utc);
      expect(once(event, 'TRANSP')).toBe('TRANSPARENT');
    }
    const uids = file.components.map((event) => once(event, 'UID'));
    expect(uids).toEqual(['a@gatehouse.example', 'b@gatehouse.example']);
  });

  it('has events with an explicit duration of zero', () => {
    const [event] = parse(calendar([due('Water the plants')])).components;

    expect(once(event!, 'DURATION')).toBe('PT0S');
    expect(once(event!, 'DTEND')).toBeUndefined();
  });

  it('moves the event of an earlier mail: the same UID with a greater SEQUENCE (RFC 5546 section 2.1.4)', () => {
    const [earlier] = parse(calendar([due('Water the plants', 2)])).components;
    const [later] = parse(calendar([due('Water the plants', 5)], now + 60_000)).components;

    expect(once(later!, 'UID')).toBe(once(earlier!, 'UID'));
    expect(once(later!, 'DTSTART')).toBe('20261122T150000Z');
    expect(Number(once(later!, 'SEQUENCE'))).toBeGreaterThan(Number(once(earlier!, 'SEQUENCE')));
    // An INTEGER of RFC 5545 section 3.3.8 has 32 bits with its sign.
    expect(Number(once(later!, 'SEQUENCE'))).toBeLessThan(2 ** 31);
  });

  it.each([
    ['a;b,c\\d', 'a\\;b\\,c\\\\d'],
    ['x\r\nATTACH:http://evil.example', 'x ATTACH:http://evil.example'],
    ['x\nTRANSP:OPAQUE', 'x TRANSP:OPAQUE'],
    ['END:VEVENT', 'END:VEVENT'],
    ['長'.repeat(200), '長'.repeat(200)],
    ['🌱'.repeat(100), '🌱'.repeat(100)],
  ])('has the title %j as one value', (title, value) => {
    const [event, ...others] = parse(calendar([due(title)])).components;

    expect(others).toEqual([]);
    expect(once(event!, 'SUMMARY')).toBe(value);
    expect(event!.properties.map(([name]) => name).sort()).toEqual([
      'DTSTAMP',
      'DTSTART',
      'DURATION',
      'SEQUENCE',
      'SUMMARY',
      'TRANSP',
      'UID',
    ]);
  });

  it('omits overdue todos, and does not exist without others', () => {
    expect(parse(calendar([due('Overdue', -1, 'a'), due('Ahead', 1, 'b')])).components).toHaveLength(1);
    expect(calendar([due('Overdue', -1)])).toBe('none');
  });
});
