#!/usr/bin/env bash
# Guess, written first: where an operation of an OpenAPI document accepts a bearer token or an API key, Swagger UI sends one
# of them. The specification says that only one of the entries in security has to be satisfied; both at once is one entry
# with two names.
#
# Observed with swagger-client 3.39.0, which builds the requests of Swagger UI: it sends everything that any entry names. The
# run printed:
#   bearer or key: Authorization Bearer a-token, X-Api-Key a-key
#   bearer and key: Authorization Bearer a-token, X-Api-Key a-key
#   bearer or basic: Authorization Basic YTpi
# An API that refuses two credentials answers 400 to "Try it out" as soon as the reader has entered both, and the document
# is right. When both are in the same header the second replaces the first.
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact swagger-client@3.39.0 >/dev/null
cat >run.js <<'RUN'
import SwaggerClient from 'swagger-client';

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer' },
  basic: { type: 'http', scheme: 'basic' },
  key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
};
const authorized = {
  bearer: { value: 'a-token' },
  basic: { username: 'a', password: 'b' },
  key: { value: 'a-key' },
};
const send = (security) => {
  const get = { operationId: 'list', security, responses: { 200: { description: 'the todos' } } };
  const spec = {
    openapi: '3.1.0',
    info: { title: 'Todos', version: '1' },
    servers: [{ url: 'https://todos.example.com' }],
    paths: { '/todos': { get } },
    components: { securitySchemes },
  };
  const { headers } = SwaggerClient.buildRequest({ spec, operationId: 'list', securities: { authorized } });
  return Object.entries(headers).map(([name, value]) => `${name} ${value}`).join(', ');
};
const found = [
  `bearer or key: ${send([{ bearer: [] }, { key: [] }])}`,
  `bearer and key: ${send([{ bearer: [], key: [] }])}`,
  `bearer or basic: ${send([{ bearer: [] }, { basic: [] }])}`,
].join('\n');
console.log(found);
const observed = [
  'bearer or key: Authorization Bearer a-token, X-Api-Key a-key',
  'bearer and key: Authorization Bearer a-token, X-Api-Key a-key',
  'bearer or basic: Authorization Basic YTpi',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
