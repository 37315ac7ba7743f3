#!/usr/bin/env bash
# Guess, written first: a reader of iCalendar distinguishes DURATION:P1D from DURATION:PT24H. RFC 5545, section 3.3.6: a day
# is as long as the calendar has it, hours are exact. From noon on the day before the clocks go forward, the first ends at
# noon, the second at 13:00.
#
# Observed with node-ical 0.27.2 and ical.js 2.2.1: for node-ical both are 24 hours, for ical.js both are a day, so each is
# wrong about one of them, and they differ by an hour about the same file. The run printed:
#   P1D: node-ical Sun 13:00, ical.js Sun 12:00
#   PT24H: node-ical Sun 13:00, ical.js Sun 12:00
# A program that plans by the end of an event is an hour early or late on that day. DTEND avoids it.
#
# Fails when either line changes.
# cspell:ignore VTIMEZONE TZOFFSETFROM TZOFFSETTO RRULE BYMONTH BYDAY
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact node-ical@0.27.2 ical.js@2.2.1 luxon@3.7.2 >/dev/null
cat >run.js <<'RUN'
import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import nodeIcal from 'node-ical';

const zone = 'America/New_York';
const text = (date) => DateTime.fromMillis(+date, { zone }).toFormat('ccc HH:mm');
const lines = [];
for (const duration of ['P1D', 'PT24H']) {
  const file = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VTIMEZONE
TZID:${zone}
BEGIN:DAYLIGHT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:tea
DTSTAMP:20260101T000000Z
DTSTART;TZID=${zone}:20260307T120000
DURATION:${duration}
END:VEVENT
END:VCALENDAR
`.replaceAll('\n', '\r\n');
  const byNodeIcal = nodeIcal.sync.parseICS(file).tea.end;
  const component = new ICAL.Component(ICAL.parse(file)).getFirstSubcomponent('vevent');
  const byIcalJs = new ICAL.Event(component).endDate.toJSDate();
  lines.push(`${duration}: node-ical ${text(byNodeIcal)}, ical.js ${text(byIcalJs)}`);
}
console.log(lines.join('\n'));
const observed = ['P1D: node-ical Sun 13:00, ical.js Sun 12:00', 'PT24H: node-ical Sun 13:00, ical.js Sun 12:00'];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
