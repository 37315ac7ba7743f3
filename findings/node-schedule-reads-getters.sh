#!/usr/bin/env bash
# Guess, written first: node-schedule runs a job once at the instant of a luxon DateTime or a Temporal.ZonedDateTime, as it
# does with a Date, or refuses the value. TypeScript accepts both.
#
# Observed with node-schedule 2.1.1, luxon 3.7.2 and temporal-polyfill 1.0.8: it takes them for a rule and reads their
# getters as its fields. Its months begin at 0, theirs at 1, and the day of the month has another name, so the job runs in
# the next month, again and again. With Temporal, dayOfWeek becomes part of the rule. The run printed:
#   Date: 2099-03-10 09:00, then never
#   luxon: 2099-04-01 09:00, then 2099-04-02 09:00
#   Temporal: 2099-04-07 09:00, then 2099-04-14 09:00
# A reminder is three weeks late and then repeats. With toJSDate() of luxon, or a Date of epochMilliseconds, it is right.
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact node-schedule@2.1.1 luxon@3.7.2 temporal-polyfill@1.0.8 >/dev/null
cat >run.js <<'RUN'
import { DateTime } from 'luxon';
import { scheduleJob } from 'node-schedule';
import { Temporal } from 'temporal-polyfill';

const text = (date) => (date ? new Date(date.getTime()).toISOString().slice(0, 16).replace('T', ' ') : 'never');
const runs = (when) => {
  const job = scheduleJob(when, () => undefined);
  const first = new Date(job.nextInvocation().getTime());
  const second = job.pendingInvocations[0].recurrenceRule.nextInvocationDate?.(first);
  job.cancel();
  return `${text(first)}, then ${text(second)}`;
};
const found = [
  `Date: ${runs(new Date('2099-03-10T09:00Z'))}`,
  `luxon: ${runs(DateTime.fromISO('2099-03-10T09:00', { zone: 'utc' }))}`,
  `Temporal: ${runs(Temporal.ZonedDateTime.from('2099-03-10T09:00[UTC]'))}`,
].join('\n');
console.log(found);
const observed = [
  'Date: 2099-03-10 09:00, then never',
  'luxon: 2099-04-01 09:00, then 2099-04-02 09:00',
  'Temporal: 2099-04-07 09:00, then 2099-04-14 09:00',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
TZ=UTC node run.js
