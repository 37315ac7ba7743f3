#!/usr/bin/env bash
# Guess, written first: an answer with Content-Type: Application/JSON is read like any other JSON, because media types are
# case-insensitive (RFC 9110, section 8.3.1). Some proxies write them so.
#
# Observed with @fusionauth/typescript-client 1.69.0: the call resolves as successful, and its response is undefined. The
# run printed:
#   application/json: the user; Application/JSON: status 200, wasSuccessful() true, response undefined
# Code that reads result.response.user then fails with a TypeError, far from the cause.
#
# Fails when either changes.
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

let type = 'application/json';
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': type }).end('{"user":{"active":true}}');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const fusionAuth = new client.FusionAuthClient('a key', `http://127.0.0.1:${server.address().port}`);
const ask = () => fusionAuth.retrieveUser('00000000-0000-0000-0000-000000000001');
const usual = (await ask()).response?.user?.active === true ? 'the user' : 'no user';
type = 'Application/JSON';
const other = await ask();
server.close().closeAllConnections();
const found =
  `application/json: ${usual}; Application/JSON: status ${other.statusCode}, ` +
  `wasSuccessful() ${other.wasSuccessful()}, response ${JSON.stringify(other.response)}`;
console.log(found);
if (found !== 'application/json: the user; Application/JSON: status 200, wasSuccessful() true, response undefined') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
