#!/usr/bin/env bash
# Guess, written first: an alarm at an instant is written in UTC, also when the event has a time zone. RFC 5545,
# section 3.8.6.3, requires it.
#
# Observed with ical-generator 11.1.2 and luxon 3.7.2: when the event has a time zone, the alarm is written as local time,
# and nothing in it names the zone. The run printed:
#   no time zone: DTSTART:20260301T090000Z TRIGGER;VALUE=DATE-TIME:20260301T080000Z
#   Europe/Berlin: DTSTART;TZID=Europe/Berlin:20260301T100000 TRIGGER;VALUE=DATE-TIME:20260301T090000
# A program that accepts it has to guess the zone: in New York the alarm rings at 09:00 there, five hours after the event.
# An alarm given in seconds before the event is right.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact ical-generator@11.1.2 luxon@3.7.2 >/dev/null
cat >run.js <<'RUN'
import ical from 'ical-generator';
import { DateTime } from 'luxon';

const zone = 'Europe/Berlin';
const write = (timezone) => {
  const calendar = ical();
  calendar.createEvent({
    summary: 'Tea',
    timezone,
    start: DateTime.fromISO('2026-03-01T10:00', { zone }),
    alarms: [{ type: 'display', trigger: DateTime.fromISO('2026-03-01T09:00', { zone }) }],
  });
  return calendar.toString().match(/^(DTSTART|TRIGGER).*(?=\r)/gm).join(' ');
};
const found = `no time zone: ${write()}\n${zone}: ${write(zone)}`;
console.log(found);
const observed = [
  'no time zone: DTSTART:20260301T090000Z TRIGGER;VALUE=DATE-TIME:20260301T080000Z',
  'Europe/Berlin: DTSTART;TZID=Europe/Berlin:20260301T100000 TRIGGER;VALUE=DATE-TIME:20260301T090000',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
