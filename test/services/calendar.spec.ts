import { spawnSync } from 'node:child_process';
import { calendarOf } from '../../apps/reminder-app/src/mail/calendar.js';
import { digestOf } from '../../apps/reminder-app/src/mail/digest.js';
import { describeWhere } from '../support/describe-where.js';

/** Parses standard input with libical (Debian: libical3) and prints its findings and what it read. */
const program = `
import ctypes, sys
ical = ctypes.CDLL('libical.so.3')
ical.icalparser_parse_string.restype = ctypes.c_void_p
ical.icalparser_parse_string.argtypes = [ctypes.c_char_p]
ical.icalcomponent_as_ical_string.restype = ctypes.c_char_p
for function in (ical.icalrestriction_check, ical.icalcomponent_count_errors, ical.icalcomponent_as_ical_string):
    function.argtypes = [ctypes.c_void_p]
calendar = ical.icalparser_parse_string(sys.stdin.buffer.read())
print('valid' if ical.icalrestriction_check(calendar) == 1 else 'invalid', ical.icalcomponent_count_errors(calendar))
sys.stdout.buffer.write(ical.icalcomponent_as_ical_string(calendar))
`;

function libical(file: string): string {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], { input: file, encoding: 'utf8' });
  if (status !== 0) throw new Error(`libical was not run: ${stderr}`);
  return stdout.replaceAll('\r\n ', '').replaceAll('\r', '');
}

const isInstalled = spawnSync('python3', ['-c', "import ctypes; ctypes.CDLL('libical.so.3')"]).status === 0;
const missing = isInstalled ? undefined : 'libical is not installed: apt-get install python3 libical3';

describeWhere(missing)('the calendar file, read by libical', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');
  const todos = ['Water the plants; a, b\\c', 'END:VEVENT', '長'.repeat(200)].map((title, index) => ({
    id: String(index),
    title,
    dueAt: now + (index + 1) * 3_600_000,
  }));
  const digest = digestOf({ todos, total: todos.length, timeZone: 'Europe/London' }, now);
  const file = calendarOf(digest, 'gatehouse.example', now) ?? '';

  it('breaks no restriction of RFC 5545 and 5546, and has the titles as they are', () => {
    const read = libical(file);

    expect(read).toMatch(/^valid 0\n/);
    expect(read).not.toContain('X-LIC-ERROR');
    expect(read.match(/^BEGIN:VEVENT$/gm)).toHaveLength(todos.length);
    expect(read).toContain('SUMMARY:Water the plants\\; a\\, b\\\\c\n');
    expect(read).toContain(`SUMMARY:${'長'.repeat(200)}\n`);
  });

  it('would be faulty as a scheduling message, because it has no organizer', () => {
    expect(libical(file.replace('BEGIN:VEVENT', 'METHOD:PUBLISH\r\nBEGIN:VEVENT'))).toMatch(/^invalid/);
  });
});
