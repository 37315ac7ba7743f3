#!/usr/bin/env bash
# Guess, written first: a call of core.httpclient() with timeout = 500 is one request and ends after half a second. HAProxy
# itself repeats a request only when it could not connect, unless retry-on says otherwise; the manual warns of replayed
# requests.
#
# Observed with HAProxy 2.6.12, Debian's package, which has to be installed: the Lua client repeats after the timeout, POST
# too. One run printed:
#   status 504 after 2 seconds, 4 requests: POST POST POST POST
# A check of an authorization that is slow for a moment takes four times as long as the limit, with four times the load, and
# a POST that the server carries out late is carried out four times.
#
# Fails when this changes.
# cspell:ignore getenv
set -euo pipefail
[[ $(haproxy -v) == 'HAProxy version 2.6.12'* ]]
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >check.lua <<'LUA'
core.register_action("check", { "http-req" }, function(txn)
  local url = "http://127.0.0.1:" .. os.getenv("SERVER_PORT") .. "/"
  local answer = core.httpclient():post({ url = url, body = "Tea", timeout = 500 })
  txn:set_var("txn.status", tostring(answer.status))
end)
LUA
cat >haproxy.cfg <<'CONFIGURATION'
global
  lua-load check.lua
defaults
  mode http
  timeout client 30s
frontend check
  bind unix@haproxy.sock
  http-request lua.check
  http-request return status 200 content-type text/plain lf-string "%[var(txn.status)]"
CONFIGURATION
cat >run.js <<'RUN'
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { existsSync } = require('node:fs');
const { createServer, request } = require('node:http');
const { setTimeout: wait } = require('node:timers/promises');

const methods = [];

async function run() {
  // The server never answers.
  const server = createServer(({ method }) => methods.push(method)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const env = { ...process.env, SERVER_PORT: server.address().port };
  const haproxy = spawn('haproxy', ['-db', '-q', '-f', 'haproxy.cfg'], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  for (let turn = 0; turn < 100 && !existsSync('haproxy.sock'); turn += 1) await wait(100);
  const start = performance.now();
  const [answer] = await once(request({ socketPath: 'haproxy.sock' }).end(), 'response');
  const seconds = Math.round((performance.now() - start) / 1000);
  const status = (await answer.toArray()).join('');
  haproxy.kill();
  server.close().closeAllConnections();
  return `status ${status} after ${seconds} seconds, ${methods.length} requests: ${methods.join(' ')}`;
}

run().then((found) => {
  console.log(found);
  if (found !== 'status 504 after 2 seconds, 4 requests: POST POST POST POST') {
    console.error('No longer so.');
    process.exitCode = 1;
  }
});
RUN
node run.js
