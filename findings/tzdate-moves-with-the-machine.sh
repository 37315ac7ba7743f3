#!/usr/bin/env bash
# Guess, written first: a TZDate depends on its own time zone alone. 02:30 in London on the morning after the clocks went
# back is 02:30 UTC on every machine; the hour that occurs twice is the one before.
#
# Observed with @date-fns/tz 1.5.0 and date-fns 4.4.0: on a machine in Berlin it is an hour earlier, both when built and
# when reached with addDays from the day before. The run printed:
#   TZ=UTC built 02:30Z, a day later than the day before 02:30Z
#   TZ=Europe/Berlin built 01:30Z, a day later than the day before 01:30Z
# A developer there sees the reminder an hour early, and the same code on a server in UTC is right.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @date-fns/tz@1.5.0 date-fns@4.4.0 >/dev/null
cat >run.js <<'RUN'
import { TZDate } from '@date-fns/tz';
import { addDays } from 'date-fns';

const utc = (date) => new Date(+date).toISOString().slice(11, 16);
const london = (day) => new TZDate(2026, 9, day, 2, 30, 'Europe/London');
const later = utc(addDays(london(24), 1));
console.log(`TZ=${process.env.TZ} built ${utc(london(25))}Z, a day later than the day before ${later}Z`);
RUN
found=$(TZ=UTC node run.js && TZ=Europe/Berlin node run.js)
echo "$found"
observed='TZ=UTC built 02:30Z, a day later than the day before 02:30Z
TZ=Europe/Berlin built 01:30Z, a day later than the day before 01:30Z'
if [ "$found" != "$observed" ]; then
  echo 'No longer so.' >&2
  exit 1
fi
