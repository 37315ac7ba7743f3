#!/usr/bin/env bash
# Guess, written first: an all-day event that repeats daily from 2 March until 5 March has four days, and ical-generator
# writes both ends as days: RFC 5545, section 3.3.10, requires UNTIL to be of the same type as DTSTART.
#
# Observed with ical-generator 11.1.2 and luxon 3.7.2: DTSTART is the day in the zone of the DateTime, but UNTIL is an instant
# in UTC, which east of Greenwich is on the day before. ical.js 2.2.1 and node-ical 0.27.2 read three days. The run printed:
#   DTSTART;VALUE=DATE:20260302 RRULE:FREQ=DAILY;UNTIL=20260304T230000Z
#   ical.js: 2 3 4, node-ical: 2 3 4
# The last day is missing in the calendar, for example the day on which a todo is due.
#
# Fails when either line changes.
# cspell:ignore RRULE
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact ical-generator@11.1.2 luxon@3.7.2 ical.js@2.2.1 node-ical@0.27.2 >/dev/null
cat >run.js <<'RUN'
import ICAL from 'ical.js';
import ical from 'ical-generator';
import { DateTime } from 'luxon';
import nodeIcal from 'node-ical';

const day = (text) => DateTime.fromISO(text, { zone: 'Europe/Berlin' });
const calendar = ical();
const repeating = { freq: 'DAILY', until: day('2026-03-05') };
calendar.createEvent({ id: 'tea', summary: 'Tea', allDay: true, start: day('2026-03-02'), repeating });
const file = calendar.toString();

const iterator = new ICAL.Event(new ICAL.Component(ICAL.parse(file)).getFirstSubcomponent('vevent')).iterator();
const byIcalJs = [];
for (let next = iterator.next(); next && byIcalJs.length < 10; next = iterator.next()) byIcalJs.push(next.day);
const range = { from: new Date(2026, 2, 1), to: new Date(2026, 2, 12) };
const byNodeIcal = nodeIcal
  .expandRecurringEvent(nodeIcal.sync.parseICS(file).tea, range)
  .map(({ start }) => start.getDate());
const found = [
  file.match(/^(DTSTART|RRULE).*(?=\r)/gm).join(' '),
  `ical.js: ${byIcalJs.join(' ')}, node-ical: ${byNodeIcal.join(' ')}`,
].join('\n');
console.log(found);
const observed = [
  'DTSTART;VALUE=DATE:20260302 RRULE:FREQ=DAILY;UNTIL=20260304T230000Z',
  'ical.js: 2 3 4, node-ical: 2 3 4',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
