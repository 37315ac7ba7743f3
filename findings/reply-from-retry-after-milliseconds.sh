#!/usr/bin/env bash
# Guess, written first: @fastify/reply-from passes a 503 with Retry-After: 5 to the client. If it tries again by itself, as
# its documentation says of GET, it waits the five seconds, since Retry-After is in seconds (RFC 9110, section 10.2.3).
#
# Observed with @fastify/reply-from 12.6.5, on which @fastify/http-proxy is built: it waits five milliseconds, because the
# number goes to a timer as it is. The run printed:
#   three requests at the API in less than a second, the client receives 200
# An API that asks for time while its identity provider is down is asked again immediately, by default ten times.
#
# Fails when this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @fastify/reply-from@12.6.5 fastify@5.12.8 undici@8.12.4 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import replyFrom from '@fastify/reply-from';
import fastify from 'fastify';

const times = [];
const api = createServer((_request, response) => {
  times.push(performance.now());
  if (times.length < 3) response.writeHead(503, { 'retry-after': '5' }).end();
  else response.end('[]');
}).listen(0, '127.0.0.1');
await once(api, 'listening');
const gateway = fastify();
gateway.register(replyFrom, { base: `http://127.0.0.1:${api.address().port}` });
gateway.get('/todos', (_request, reply) => reply.from('/todos'));
await gateway.listen({ host: '127.0.0.1', port: 0 });
const { status } = await fetch(`http://127.0.0.1:${gateway.server.address().port}/todos`);
await gateway.close();
api.close().closeAllConnections();
const number = { 1: 'one request', 3: 'three requests' }[times.length] ?? `${times.length} requests`;
const span = times.at(-1) - times[0] < 1_000 ? 'in less than a second' : 'in more than a second';
const found = `${number} at the API ${span}, the client receives ${status}`;
console.log(found);
if (found !== 'three requests at the API in less than a second, the client receives 200') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
