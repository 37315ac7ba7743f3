#!/usr/bin/env bash
# Guess, written first: the responseError interceptor of undici puts the parsed body of a refusal into error.body, whether it
# is application/json or application/problem+json, the type that RFC 9457 gives to errors.
#
# Observed with undici 8.12.4: only a type that begins with application/json or text/plain is read. The run printed:
#   application/json: {"title":"Unauthorized","detail":"The token has expired."}
#   application/problem+json: ""
# The body has been consumed, so the caller cannot distinguish an expired token from an unknown one.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact undici@8.12.4 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Agent, interceptors, request } from 'undici';

let type;
const server = createServer((_request, response) => {
  const problem = { title: 'Unauthorized', detail: 'The token has expired.' };
  response.writeHead(401, { 'content-type': type }).end(JSON.stringify(problem));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const agent = new Agent();
const dispatcher = agent.compose(interceptors.responseError());
const lines = [];
for (type of ['application/json', 'application/problem+json']) {
  const body = await request(`http://127.0.0.1:${server.address().port}`, { dispatcher }).then(
    () => 'no error',
    (error) => error.body,
  );
  lines.push(`${type}: ${JSON.stringify(body)}`);
}
await agent.close();
server.close().closeAllConnections();
console.log(lines.join('\n'));
const observed = [
  'application/json: {"title":"Unauthorized","detail":"The token has expired."}',
  'application/problem+json: ""',
];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
