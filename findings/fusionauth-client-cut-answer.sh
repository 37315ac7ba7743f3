#!/usr/bin/env bash
# Guess, written first: when FusionAuth’s answer breaks off in the middle of its JSON, the promise of the official client
# rejects with an Error, as a failed JSON.parse does.
#
# Observed with @fusionauth/typescript-client 1.69.0: it rejects with a ClientResponse, which is not an Error, and whose
# wasSuccessful() is true, since the status was 200. The run printed:
#   ClientResponse, an Error: false, statusCode 200, wasSuccessful() true, exception FetchError
# A catch that distinguishes refusals by the status, or by wasSuccessful(), takes this for a good answer.
#
# Fails when any of these changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @fusionauth/typescript-client@1.69.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import client from '@fusionauth/typescript-client';

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"user":{"id":');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const fusionAuth = new client.FusionAuthClient('a key', `http://127.0.0.1:${server.address().port}`);
const found = await fusionAuth.retrieveUser('00000000-0000-0000-0000-000000000001').then(
  () => 'resolved',
  (reason) =>
    `${reason.constructor.name}, an Error: ${reason instanceof Error}, statusCode ${reason.statusCode}, ` +
    `wasSuccessful() ${reason.wasSuccessful?.()}, exception ${reason.exception?.constructor.name}`,
);
server.close().closeAllConnections();
console.log(found);
const observed = 'ClientResponse, an Error: false, statusCode 200, wasSuccessful() true, exception FetchError';
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
