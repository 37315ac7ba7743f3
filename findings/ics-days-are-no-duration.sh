#!/usr/bin/env bash
# Guess, written first: a duration of one day, and an alarm one day before, are written as P1D and -P1D. RFC 5545,
# section 3.3.6: a T begins the hours, minutes and seconds, and there has to be one of them after it.
#
# Observed with ics 3.12.0, and temporal-polyfill 1.0.8 as a reader that follows ISO 8601: ics writes the T without anything
# after it. The run printed:
#   1 hour: DURATION:PT1H, Temporal accepts
#   1 day: DURATION:P1DT, Temporal refuses
#   1 week: DURATION:P1WT, Temporal refuses
#   alarm 1 day before: TRIGGER:-P1DT, Temporal refuses
# Some calendars tolerate it; one that does not drops the alarm or the whole file. hours: 24 is written right.
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact ics@3.12.0 temporal-polyfill@1.0.8 >/dev/null
cat >run.js <<'RUN'
import { createEvent } from 'ics';
import { Temporal } from 'temporal-polyfill';

/** Writes an event, and returns the line of one property and whether its value is a duration. */
function write(name, property, attributes) {
  const { value } = createEvent({ title: 'Tea', start: [2026, 3, 1, 9, 0], duration: { hours: 1 }, ...attributes });
  const [line, duration] = new RegExp(`^${property}:(.*)(?=\\r)`, 'm').exec(value);
  let verdict = 'accepts';
  try {
    Temporal.Duration.from(duration);
  } catch {
    verdict = 'refuses';
  }
  return `${name}: ${line}, Temporal ${verdict}`;
}

const alarm = { action: 'display', description: 'Tea', trigger: { days: 1, before: true } };
const found = [
  write('1 hour', 'DURATION', { duration: { hours: 1 } }),
  write('1 day', 'DURATION', { duration: { days: 1 } }),
  write('1 week', 'DURATION', { duration: { weeks: 1 } }),
  write('alarm 1 day before', 'TRIGGER', { alarms: [alarm] }),
].join('\n');
console.log(found);
const observed = [
  '1 hour: DURATION:PT1H, Temporal accepts',
  '1 day: DURATION:P1DT, Temporal refuses',
  '1 week: DURATION:P1WT, Temporal refuses',
  'alarm 1 day before: TRIGGER:-P1DT, Temporal refuses',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
