#!/usr/bin/env bash
# Guess, written first: the jwk middleware of hono fetches the key set once and again for an unknown key, as the documented
# jwks_uri suggests and other verifiers do. Cache-Control: max-age on the key set confirms it.
#
# Observed with hono 4.13.19, and jose 6.2.17 for comparison: hono fetches it for each request. The run printed:
#   hono: 200 200 200, 3 fetches
#   jose: 200 200 200, 1 fetch
#   hono without the key set: 500
# Every request to the API is one to the issuer, and valid tokens fail while it is unavailable. A keys function with a cache
# of one's own avoids it.
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact hono@4.13.19 jose@6.2.17 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Hono } from 'hono';
import { jwk } from 'hono/jwk';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';

const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
const keys = [{ ...(await exportJWK(publicKey)), kid: 'a key', alg: 'RS256', use: 'sig' }];
let fetches = 0;
let status = 200;
const server = createServer((_request, response) => {
  fetches += 1;
  const headers = { 'content-type': 'application/json', 'cache-control': 'max-age=600' };
  response.writeHead(status, headers).end(JSON.stringify({ keys }));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const jwksUri = `http://127.0.0.1:${server.address().port}/jwks.json`;
const token = await new SignJWT()
  .setProtectedHeader({ alg: 'RS256', kid: 'a key' })
  .setIssuedAt()
  .setExpirationTime('1 h')
  .sign(privateKey);

const app = new Hono();
app.use(jwk({ jwks_uri: jwksUri, alg: ['RS256'] }));
app.get('/', (context) => context.text('home'));
app.onError((_error, context) => context.text('trouble', 500));
const byHono = async () => (await app.request('/', { headers: { authorization: `Bearer ${token}` } })).status;
const keySet = createRemoteJWKSet(new URL(jwksUri));
const byJose = async () => jwtVerify(token, keySet).then(() => 200);

const three = async (ask) => {
  fetches = 0;
  const statuses = [await ask(), await ask(), await ask()].join(' ');
  return `${statuses}, ${fetches} fetch${fetches === 1 ? '' : 'es'}`;
};
const lines = [`hono: ${await three(byHono)}`, `jose: ${await three(byJose)}`];
status = 503;
lines.push(`hono without the key set: ${await byHono()}`);
server.close().closeAllConnections();
console.log(lines.join('\n'));
const observed = ['hono: 200 200 200, 3 fetches', 'jose: 200 200 200, 1 fetch', 'hono without the key set: 500'];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
