#!/usr/bin/env bash
# Guess, written first: a request of core.httpclient() that is given txn.http:req_get_headers() has the headers as the caller
# sent them. Lines of one name stay in their order, which RFC 9110, section 5.3, forbids a proxy to change.
#
# Observed with HAProxy 2.6.12, Debian's package, which has to be installed: they arrive in the opposite order, although the
# table in Lua has them in the right one. The run printed:
#   sent 192.0.2.1 and 192.0.2.2, in Lua 192.0.2.1 and 192.0.2.2, arrived 192.0.2.2 and 192.0.2.1
# X-Forwarded-For begins with the caller, so a server that decides about the request takes the nearest proxy for the caller.
# Lines that were joined with a comma beforehand are right.
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
  local headers = txn.http:req_get_headers()
  local url = "http://127.0.0.1:" .. os.getenv("SERVER_PORT") .. "/"
  local answer = core.httpclient():get({ url = url, headers = headers })
  local lines = headers["x-forwarded-for"]
  txn:set_var("txn.found", "in Lua " .. lines[0] .. " and " .. lines[1] .. ", arrived " .. answer.body)
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
  http-request return status 200 content-type text/plain lf-string "%[var(txn.found)]"
CONFIGURATION
cat >run.js <<'RUN'
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { existsSync } = require('node:fs');
const { createServer, request } = require('node:http');
const { setTimeout: wait } = require('node:timers/promises');

async function run() {
  const server = createServer(({ headersDistinct }, response) => {
    response.end(headersDistinct['x-forwarded-for'].join(' and '));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const env = { ...process.env, SERVER_PORT: server.address().port };
  const haproxy = spawn('haproxy', ['-db', '-q', '-f', 'haproxy.cfg'], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  for (let turn = 0; turn < 100 && !existsSync('haproxy.sock'); turn += 1) await wait(100);
  const headers = { host: 'todos.example.com', 'x-forwarded-for': ['192.0.2.1', '192.0.2.2'] };
  const [answer] = await once(request({ socketPath: 'haproxy.sock', headers }).end(), 'response');
  const found = `sent 192.0.2.1 and 192.0.2.2, ${(await answer.toArray()).join('')}`;
  haproxy.kill();
  server.close().closeAllConnections();
  return found;
}

run().then((found) => {
  console.log(found);
  const observed =
    'sent 192.0.2.1 and 192.0.2.2, in Lua 192.0.2.1 and 192.0.2.2, arrived 192.0.2.2 and 192.0.2.1';
  if (found !== observed) {
    console.error('No longer so.');
    process.exitCode = 1;
  }
});
RUN
node run.js
