#!/usr/bin/env bash
# Guess, written first: ratelimit-header-parser reads what express-rate-limit sends in each of its formats, because both are
# by the same makers; a format that it does not know gives undefined, as its type says.
#
# Observed with express-rate-limit 8.7.5 and ratelimit-header-parser 0.1.0: of draft-8, the newest format, it returns numbers
# that are not numbers. The run printed:
#   draft-6: remaining 4 of 5, reset is a date
#   draft-7: remaining 4 of 5, reset is a date
#   draft-8: remaining NaN of NaN, reset is an invalid date
# A client that waits when remaining is less than 1 never waits, because no comparison with NaN is true, and is refused.
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact express@5.3.0 express-rate-limit@8.7.5 ratelimit-header-parser@0.1.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { parseRateLimit } from 'ratelimit-header-parser';

/** Asks once where five requests a minute are allowed, and reads the headers of the answer. */
async function read(standardHeaders) {
  const app = express();
  app.use(rateLimit({ windowMs: 60_000, limit: 5, standardHeaders, legacyHeaders: false }));
  app.get('/', (_request, response) => response.end('home'));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${server.address().port}`);
  server.close().closeAllConnections();
  const limit = parseRateLimit(response);
  if (!limit) return `${standardHeaders}: ${limit}`;
  const reset = Number.isNaN(+limit.reset) ? 'an invalid date' : 'a date';
  return `${standardHeaders}: remaining ${limit.remaining} of ${limit.limit}, reset is ${reset}`;
}

const found = [await read('draft-6'), await read('draft-7'), await read('draft-8')].join('\n');
console.log(found);
const observed = [
  'draft-6: remaining 4 of 5, reset is a date',
  'draft-7: remaining 4 of 5, reset is a date',
  'draft-8: remaining NaN of NaN, reset is an invalid date',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
