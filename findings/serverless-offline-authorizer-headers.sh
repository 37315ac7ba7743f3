#!/usr/bin/env bash
# Guess, written first: an authorizer for an HTTP API in payload format 2.0 sees the request offline as the function does,
# and as both do at AWS: header names in lower case, cookies as a list.
#
# Observed with serverless-offline 14.8.2 on osls 4.3.1: only the function does. The authorizer gets the names as the caller
# wrote them, and no cookies. The run printed:
#   Authorization, Cookie: authorizer {"headers":["Authorization","Cookie"]}
#   Authorization, Cookie: function {"headers":["authorization","cookie"],"cookies":["a=1","b=2"]}
#   authorization, cookie: authorizer {"headers":["authorization","cookie"]}
#   authorization, cookie: function {"headers":["authorization","cookie"],"cookies":["a=1","b=2"]}
# An authorizer that reads headers.Authorization passes its tests here and refuses every caller at AWS; one that reads
# headers.authorization or cookies is right there and refuses some clients here.
#
# Fails when any line changes.
# cspell:ignore osls SLS
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund --save-exact osls@4.3.1 serverless-offline@14.8.2 >/dev/null
cat >serverless.yml <<'CONFIGURATION'
service: todos
provider:
  name: aws
  runtime: nodejs22.x
  httpApi:
    authorizers:
      guard:
        type: request
        functionName: authorizer
        enableSimpleResponses: true
        payloadVersion: '2.0'
        identitySource: ['$request.header.Authorization']
functions:
  authorizer:
    handler: handlers.authorizer
  list:
    handler: handlers.list
    events:
      - httpApi: { method: GET, path: /todos, authorizer: { name: guard } }
plugins: [serverless-offline]
CONFIGURATION
cat >handlers.js <<'HANDLERS'
const look = ({ headers, cookies }) =>
  JSON.stringify({ headers: Object.keys(headers).filter((name) => /^(authorization|cookie)$/i.test(name)), cookies });
exports.authorizer = async (event) => ({ isAuthorized: true, context: { seen: look(event) } });
exports.list = async (event) => ({
  statusCode: 200,
  body: `authorizer ${event.requestContext.authorizer.lambda.seen}\nfunction ${look(event)}`,
});
HANDLERS
cat >run.js <<'RUN'
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { createServer, get } = require('node:http');
const { setTimeout: wait } = require('node:timers/promises');

/** Returns a port that is free now. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function ask(port, names) {
  const [authorization, cookie] = names;
  const headers = ['Host', 'localhost', authorization, 'Bearer a-token', cookie, 'a=1; b=2'];
  const [answer] = await once(get({ host: '127.0.0.1', port, path: '/todos', headers }), 'response');
  const body = (await answer.toArray()).join('');
  return body.split('\n').map((line) => `${names.join(', ')}: ${line}`);
}

async function run() {
  const port = await freePort();
  const ports = ['--httpPort', port, '--lambdaPort', await freePort()];
  const command = ['node_modules/osls/bin/serverless.js', 'offline', '--host', '127.0.0.1', ...ports];
  const offline = spawn(process.execPath, command, { stdio: 'ignore' });
  try {
    const up = () => fetch(`http://127.0.0.1:${port}`).then(() => true, () => false);
    for (let turn = 0; turn < 240 && !(await up()); turn += 1) await wait(250);
    const upper = await ask(port, ['Authorization', 'Cookie']);
    const lower = await ask(port, ['authorization', 'cookie']);
    return [...upper, ...lower].join('\n');
  } finally {
    offline.kill();
  }
}

run().then((found) => {
  console.log(found);
  const observed = [
    'Authorization, Cookie: authorizer {"headers":["Authorization","Cookie"]}',
    'Authorization, Cookie: function {"headers":["authorization","cookie"],"cookies":["a=1","b=2"]}',
    'authorization, cookie: authorizer {"headers":["authorization","cookie"]}',
    'authorization, cookie: function {"headers":["authorization","cookie"],"cookies":["a=1","b=2"]}',
  ].join('\n');
  if (found !== observed) {
    console.error('No longer so.');
    process.exitCode = 1;
  }
});
RUN
SLS_TELEMETRY_DISABLED=1 node run.js
