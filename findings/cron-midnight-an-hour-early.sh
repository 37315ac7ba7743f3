#!/usr/bin/env bash
# Guess, written first: a job at midnight runs once a day, at 00:00, also in a zone whose clocks go back from midnight to
# 23:00: there, too, midnight comes once.
#
# Observed with cron 4.4.0, the scheduler in @nestjs/schedule 12.0.2: on that day it runs at 23:00 as well, an hour early,
# still on the day before. croner 11.0.1 runs it once. The run printed:
#   cron: Sat 23:00 -04:00, Sun 00:00 -04:00, Mon 00:00 -04:00
#   croner: Sun 00:00 -04:00, Mon 00:00 -04:00, Tue 00:00 -04:00
# So the day's report is closed an hour too soon and then made again. Chile, Egypt and Lebanon put their clocks back so.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact cron@4.4.0 croner@11.0.1 luxon@3.7.2 >/dev/null
cat >run.js <<'RUN'
import { CronTime } from 'cron';
import { Cron } from 'croner';
import { DateTime } from 'luxon';

const zone = 'America/Santiago';
// Noon on the Saturday before the change.
const noon = DateTime.fromISO('2026-04-04T12:00', { zone });
const expression = '0 0 * * *';
const ofCron = [];
for (let last = noon; ofCron.length < 3; ofCron.push(last)) last = new CronTime(expression, zone).getNextDateFrom(last, zone);
const ofCroner = new Cron(expression, { timezone: zone, paused: true }).nextRuns(3, noon.toJSDate());
const text = (runs) => runs.map((run) => DateTime.fromMillis(+run, { zone }).toFormat('ccc HH:mm ZZ')).join(', ');
const found = `cron: ${text(ofCron)}\ncroner: ${text(ofCroner)}`;
console.log(found);
const observed = [
  'cron: Sat 23:00 -04:00, Sun 00:00 -04:00, Mon 00:00 -04:00',
  'croner: Sun 00:00 -04:00, Mon 00:00 -04:00, Tue 00:00 -04:00',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
