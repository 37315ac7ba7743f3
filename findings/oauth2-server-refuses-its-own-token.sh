#!/usr/bin/env bash
# Guess, written first: a server accepts a token when the client sends what it received from it, the token type and then
# the token. RFC 9110, section 11.1: the name of a scheme is compared without regard to case.
#
# Observed with openid-client 6.8.9 and @node-oauth/oauth2-server 5.3.0: the client returns token_type in lower case, which
# it documents, and the server accepts only a scheme with a capital letter. The run printed:
#   issued as Bearer, read as bearer
#   Bearer: 200
#   bearer: 400 Bearer realm="Service",error="invalid_request"
# The answer speaks of a malformed request, not of the token, so a client neither renews it nor logs in again.
#
# Fails when any line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact openid-client@6.8.9 @node-oauth/oauth2-server@5.3.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import NodeServer from '@node-oauth/oauth2-server';
import * as client from 'openid-client';

const tokens = new Map();
const oauth = new NodeServer({
  model: {
    getClient: async (id) => ({ id, grants: ['client_credentials'] }),
    getUserFromClient: async () => ({}),
    saveToken: async (token, ofClient, user) => {
      const saved = { ...token, client: ofClient, user };
      tokens.set(token.accessToken, saved);
      return saved;
    },
    getAccessToken: async (token) => tokens.get(token),
  },
});

let issued;
const server = createServer(async ({ method, headers, url }, answer) => {
  const body = { grant_type: 'client_credentials', client_id: 'a client', client_secret: 'its secret' };
  const request = new NodeServer.Request({ method, headers, query: {}, body });
  const response = new NodeServer.Response({});
  if (url === '/token') {
    await oauth.token(request, response);
    issued = response.body.token_type;
  } else {
    response.status = await oauth.authenticate(request, response).then(() => 200, ({ code }) => code);
  }
  answer.writeHead(response.status, { ...response.headers, 'content-type': 'application/json' });
  answer.end(JSON.stringify(response.body));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;
const metadata = { issuer, token_endpoint: `${issuer}/token` };
const configuration = new client.Configuration(metadata, 'a client', 'its secret');
client.allowInsecureRequests(configuration);
const { token_type: type, access_token: token } = await client.clientCredentialsGrant(configuration);
const lines = [`issued as ${issued}, read as ${type}`];
for (const scheme of [issued, type]) {
  const { status, headers } = await fetch(`${issuer}/todos`, { headers: { authorization: `${scheme} ${token}` } });
  lines.push([`${scheme}: ${status}`, headers.get('www-authenticate')].filter(Boolean).join(' '));
}
server.close().closeAllConnections();
console.log(lines.join('\n'));
const observed = [
  'issued as Bearer, read as bearer',
  'Bearer: 200',
  'bearer: 400 Bearer realm="Service",error="invalid_request"',
];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
