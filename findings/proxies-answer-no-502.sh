#!/usr/bin/env bash
# Guess, written first: a proxy answers 502 while the API behind it refuses connections or drops them, and 504 when the API
# does not answer in time, as RFC 9110, sections 15.6.3 and 15.6.5, defines them and nginx does.
#
# Observed with @fastify/http-proxy 11.6.3 on @fastify/reply-from 12.6.5, and http-proxy-middleware 4.2.2: neither answers
# 502. The run printed:
#   refused: @fastify/http-proxy 500, http-proxy-middleware 504
#   dropped: @fastify/http-proxy 500, http-proxy-middleware 504
#   silent: @fastify/http-proxy 504, http-proxy-middleware 504
# Alerts and clients look for a fault in the gateway, or for a slow API, while the API is down. After 504 a client must also
# assume that its POST may have arrived.
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @fastify/http-proxy@11.6.3 @fastify/reply-from@12.6.5 fastify@5.12.8 http-proxy-middleware@4.2.2 express@5.3.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import fastifyProxy from '@fastify/http-proxy';
import express from 'express';
import fastify from 'fastify';
import { createProxyMiddleware } from 'http-proxy-middleware';

const start = async (answer) => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};
const address = (server) => `http://127.0.0.1:${server.address().port}`;
const stop = (server) => server.close().closeAllConnections();

async function byFastify(upstream) {
  const gateway = fastify();
  gateway.register(fastifyProxy, { upstream, undici: { headersTimeout: 1_000 } });
  const { status } = await fetch(await gateway.listen({ host: '127.0.0.1', port: 0 }));
  await gateway.close();
  return status;
}

async function byMiddleware(target) {
  const gateway = await start(express().use(createProxyMiddleware({ target, proxyTimeout: 1_000 })));
  const { status } = await fetch(address(gateway));
  stop(gateway);
  return status;
}

// A port on which a server has listened a moment ago refuses connections.
const closed = await start();
const refused = address(closed);
stop(closed);
const dropping = await start((_request, response) => response.destroy());
const silent = await start(() => undefined);
const lines = [];
for (const [name, api] of Object.entries({ refused, dropped: address(dropping), silent: address(silent) })) {
  lines.push(`${name}: @fastify/http-proxy ${await byFastify(api)}, http-proxy-middleware ${await byMiddleware(api)}`);
}
stop(dropping);
stop(silent);
console.log(lines.join('\n'));
const observed = [
  'refused: @fastify/http-proxy 500, http-proxy-middleware 504',
  'dropped: @fastify/http-proxy 500, http-proxy-middleware 504',
  'silent: @fastify/http-proxy 504, http-proxy-middleware 504',
];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
