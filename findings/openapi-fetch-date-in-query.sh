#!/usr/bin/env bash
# Expected: a Date in the query is sent as its ISO text. The documentation of openapi-typescript shows how to
# type date-time as Date, and a JSON body is written so.
#
# Observed with openapi-fetch 0.17.0: the parameter is not sent at all, without an error, because a Date is taken for an
# object without properties. The run printed:
#   in the body {"since":"2026-03-01T00:00:00.000Z"}, in the query "/todos?&limit=5"
# A list that should begin at a date then begins with the first entry of all.
#
# Fails when this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact openapi-fetch@0.17.0 >/dev/null
cat >run.js <<'RUN'
import createClient from 'openapi-fetch';

let sent;
const client = createClient({
  baseUrl: 'http://api.example.com',
  fetch: async (request) => {
    sent = request;
    return new Response('[]', { headers: { 'content-type': 'application/json' } });
  },
});
const since = new Date('2026-03-01T00:00:00Z');
await client.POST('/todos', { body: { since } });
const body = await sent.text();
await client.GET('/todos', { params: { query: { since, limit: 5 } } });
const query = sent.url.slice('http://api.example.com'.length);
const found = `in the body ${body}, in the query "${query}"`;
console.log(found);
if (found !== 'in the body {"since":"2026-03-01T00:00:00.000Z"}, in the query "/todos?&limit=5"') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
