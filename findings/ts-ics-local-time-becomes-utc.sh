#!/usr/bin/env bash
# Guess, written first: a time without a zone, which RFC 5545 calls floating, is nine o'clock wherever the reader is. ts-ics
# reads it and writes it again as such, or at least distinguishes it from UTC.
#
# Observed with ts-ics 2.4.6: it is read as UTC, with nothing that tells the two apart, and written with the Z of UTC. The
# run printed:
#   20260301T090000 becomes 20260301T090000Z
#   20260301T090000Z becomes 20260301T090000Z
#   TZID=Europe/Berlin:20260301T090000 becomes TZID=Europe/Berlin:20260301T090000
# A program that changes the title of such an event moves it by hours for everybody who is not in UTC.
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact ts-ics@2.4.6 >/dev/null
cat >run.js <<'RUN'
import { convertIcsCalendar, generateIcsCalendar } from 'ts-ics';

const lines = [];
for (const start of [':20260301T090000', ':20260301T090000Z', ';TZID=Europe/Berlin:20260301T090000']) {
  const event = ['BEGIN:VEVENT', 'UID:tea', 'DTSTAMP:20260101T000000Z', `DTSTART${start}`, 'DURATION:PT1H', 'END:VEVENT'];
  const file = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//EN', ...event, 'END:VCALENDAR', ''].join('\r\n');
  const written = generateIcsCalendar(convertIcsCalendar(undefined, file));
  const [, changed] = /^DTSTART(?:;VALUE=DATE-TIME)?[;:](.*)\r/m.exec(written);
  lines.push(`${start.slice(1)} becomes ${changed}`);
}
console.log(lines.join('\n'));
const observed = [
  '20260301T090000 becomes 20260301T090000Z',
  '20260301T090000Z becomes 20260301T090000Z',
  'TZID=Europe/Berlin:20260301T090000 becomes TZID=Europe/Berlin:20260301T090000',
];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
