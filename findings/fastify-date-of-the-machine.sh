#!/usr/bin/env bash
# Guess, written first: a Date in a field of format date is written as its day in UTC on every machine, as a field of format
# date-time is written in UTC.
#
# Observed with fastify 5.12.8 on fast-json-stringify 7.3.10: date takes the machine's time zone. The run printed:
#   TZ=UTC {"at":"2026-03-01T00:00:00.000Z","day":"2026-03-01"}
#   TZ=America/New_York {"at":"2026-03-01T00:00:00.000Z","day":"2026-02-28"}
# PGlite reads a column of type date as midnight in UTC, so on a machine west of Greenwich a todo is due a day early.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact fastify@5.12.8 fast-json-stringify@7.3.10 >/dev/null
cat >run.js <<'RUN'
import fastify from 'fastify';

const properties = { at: { type: 'string', format: 'date-time' }, day: { type: 'string', format: 'date' } };
const app = fastify();
app.get('/due', { schema: { response: { 200: { type: 'object', properties } } } }, async () => {
  const due = new Date('2026-03-01T00:00:00Z');
  return { at: due, day: due };
});
const { body } = await app.inject('/due');
console.log(`TZ=${process.env.TZ} ${body}`);
RUN
found=$(TZ=UTC node run.js && TZ=America/New_York node run.js)
echo "$found"
observed='TZ=UTC {"at":"2026-03-01T00:00:00.000Z","day":"2026-03-01"}
TZ=America/New_York {"at":"2026-03-01T00:00:00.000Z","day":"2026-02-28"}'
if [ "$found" != "$observed" ]; then
  echo 'No longer so.' >&2
  exit 1
fi
