#!/usr/bin/env bash
# Guess, written first: a job at 09:00 each day has a next run on every day, in each time zone.
#
# Observed with cron-parser 5.10.6, which BullMQ and others use, and croner 11.0.1 for comparison: on the day when Lord Howe
# Island puts its clocks back, by half an hour, cron-parser finds none and says that the expression is invalid. The run
# printed:
#   Sat 08:00: cron-parser Sat 09:00 +11:00, croner Sat 09:00 +11:00
#   Sat 09:00: cron-parser Invalid expression, loop limit exceeded, croner Sun 09:00 +10:30
#   Sun 03:00: cron-parser Sun 09:00 +10:30, croner Sun 09:00 +10:30
# A scheduler that plans the next run after each run stops there, a day before, with an expression that was right for
# months. So does each time after 02:00 with a minute below 30, and the hourly "0 * * * *".
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact cron-parser@5.10.6 croner@11.0.1 luxon@3.7.2 >/dev/null
cat >run.js <<'RUN'
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';
import { DateTime } from 'luxon';

const zone = 'Australia/Lord_Howe';
const text = (date) => DateTime.fromMillis(+date, { zone }).toFormat('ccc HH:mm ZZ');
const expression = '0 9 * * *';
const byParser = (currentDate) => {
  try {
    return text(CronExpressionParser.parse(expression, { tz: zone, currentDate }).next().toDate());
  } catch ({ message }) {
    return message;
  }
};
const byCroner = (from) => text(new Cron(expression, { timezone: zone, paused: true }).nextRun(from));
const lines = [];
for (const time of ['2026-04-04T08:00', '2026-04-04T09:00', '2026-04-05T03:00']) {
  const from = DateTime.fromISO(time, { zone });
  const date = from.toJSDate();
  lines.push(`${from.toFormat('ccc HH:mm')}: cron-parser ${byParser(date)}, croner ${byCroner(date)}`);
}
console.log(lines.join('\n'));
const observed = [
  'Sat 08:00: cron-parser Sat 09:00 +11:00, croner Sat 09:00 +11:00',
  'Sat 09:00: cron-parser Invalid expression, loop limit exceeded, croner Sun 09:00 +10:30',
  'Sun 03:00: cron-parser Sun 09:00 +10:30, croner Sun 09:00 +10:30',
];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
