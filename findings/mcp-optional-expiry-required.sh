#!/usr/bin/env bash
# Guess, written first: requireBearerAuth of the Model Context Protocol's SDK accepts a token whose verifier returns no
# expiresAt. The field is optional in AuthInfo, and an API key or an opaque token may have no expiry that the API knows.
#
# Observed with @modelcontextprotocol/sdk 1.32.2: it answers 401, although the verifier has accepted the token. The run
# printed:
#   with expiresAt: 200
#   without: 401 Bearer error="invalid_token", error_description="Token has no expiration time"
# RFC 7662, section 2.2, makes exp optional in an introspection answer. A client renews a good token in vain.
#
# Fails when either line changes.
# cspell:ignore modelcontextprotocol
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @modelcontextprotocol/sdk@1.32.2 express@5.3.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import express from 'express';

let expiry;
const verifier = { verifyAccessToken: async (token) => ({ token, clientId: 'a client', scopes: [], ...expiry }) };
const app = express();
app.get('/', requireBearerAuth({ verifier }), (_request, response) => response.end('home'));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const ask = async () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const { status, headers } = await fetch(url, { headers: { authorization: 'Bearer a-token' } });
  return [status, headers.get('www-authenticate')].filter(Boolean).join(' ');
};
const without = await ask();
expiry = { expiresAt: Math.floor(Date.now() / 1000) + 60 };
const found = `with expiresAt: ${await ask()}\nwithout: ${without}`;
server.close().closeAllConnections();
console.log(found);
const observed = [
  'with expiresAt: 200',
  'without: 401 Bearer error="invalid_token", error_description="Token has no expiration time"',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
