#!/usr/bin/env bash
# Guess, written first: a security handler of express-openapi-validator that throws an error with a status decides the status
# of the refusal. The documentation shows it with 403, and 429 for a caller that is limited or 503 while the issuer is down
# are statuses like any other.
#
# Observed with express-openapi-validator 5.6.2 and Express 5.3.0: it knows eight statuses and makes a 500 of each other one.
# The run printed:
#   thrown 401: 401; thrown 403: 403; thrown 429: 500; thrown 503: 500
# A client that would wait for a moment reports a fault of the API. Middleware before the validator can answer 429 itself.
#
# Fails when this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact express-openapi-validator@5.6.2 express@5.3.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import express from 'express';
import * as validator from 'express-openapi-validator';

const apiSpec = {
  openapi: '3.0.3',
  info: { title: 'Todos', version: '1' },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  paths: { '/todos': { get: { security: [{ bearer: [] }], responses: { 200: { description: 'the todos' } } } } },
};
let status;
const bearer = async () => {
  throw Object.assign(new Error('refused'), { status });
};
const app = express();
// Otherwise Express prints each error.
app.set('env', 'test');
app.use(validator.middleware({ apiSpec, validateSecurity: { handlers: { bearer } } }));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const answers = [];
for (status of [401, 403, 429, 503]) {
  const headers = { authorization: 'Bearer a-token' };
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/todos`, { headers });
  answers.push(`thrown ${status}: ${answer.status}`);
}
server.close().closeAllConnections();
const found = answers.join('; ');
console.log(found);
if (found !== 'thrown 401: 401; thrown 403: 403; thrown 429: 500; thrown 503: 500') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
