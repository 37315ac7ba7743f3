#!/usr/bin/env bash
# Expected: after got has changed a resource with PUT, a GET with the same cache asks the server again. RFC 9111,
# section 4.4, says that a cache must invalidate the target of a successful unsafe request, and got says that its cache
# complies with the RFC.
#
# Observed with got 16.1.0: the GET returns the state from before the client's own PUT or DELETE, as long as max-age lasts.
# The run printed:
#   GET 1, PUT 2, GET 1, DELETE 3, GET 1; the server saw GET PUT DELETE
#
# Fails when this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact got@16.1.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import got from 'got';

let version = 1;
const seen = [];
const server = createServer((request, response) => {
  seen.push(request.method);
  if (request.method !== 'GET') version += 1;
  response.writeHead(200, { 'cache-control': 'max-age=60' }).end(String(version));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/todos/1`;
const client = got.extend({ cache: new Map() });
const answers = [];
for (const method of ['GET', 'PUT', 'GET', 'DELETE', 'GET']) {
  answers.push(`${method} ${await client(url, { method }).text()}`);
}
server.close().closeAllConnections();
const found = `${answers.join(', ')}; the server saw ${seen.join(' ')}`;
console.log(found);
if (found !== 'GET 1, PUT 2, GET 1, DELETE 3, GET 1; the server saw GET PUT DELETE') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
