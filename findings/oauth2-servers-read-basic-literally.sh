#!/usr/bin/env bash
# Guess, written first: the OAuth client of one library can authenticate with Basic at the server of another. RFC 6749,
# section 2.3.1, says that both parts are form-urlencoded first, so the server decodes them.
#
# Observed with @badgateway/oauth2-client 3.3.1, @node-oauth/oauth2-server 5.3.0 and @jmondi/oauth2-server 4.3.7: the client
# encodes strictly, the hyphens of a UUID too, and neither server decodes, so both look for a client that does not exist.
# The run printed:
#   client_secret_post: @node-oauth/oauth2-server a token, @jmondi/oauth2-server a token
#   client_secret_basic: @node-oauth/oauth2-server looks for a1f4%2D01, @jmondi/oauth2-server looks for a1f4%2D01
# A valid id and secret are refused with invalid_client. The ids of FusionAuth are UUIDs, and a secret with + or / has the
# same effect.
#
# Fails when either line changes.
# cspell:ignore badgateway jmondi
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @badgateway/oauth2-client@3.3.1 @node-oauth/oauth2-server@5.3.0 @jmondi/oauth2-server@4.3.7 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { OAuth2Client } from '@badgateway/oauth2-client';
import { AuthorizationServer, OAuthRequest } from '@jmondi/oauth2-server';
import NodeServer from '@node-oauth/oauth2-server';

// As short as a line needs; a UUID has four hyphens.
const known = { id: 'a1f4-01', secret: 'its secret' };
let asked;
const find = (id) => {
  asked = id;
  return id === known.id;
};

const nodeServer = new NodeServer({
  model: {
    getClient: async (id) => find(id) && { id, grants: ['client_credentials'] },
    getUserFromClient: async () => ({}),
    saveToken: async (token, client, user) => ({ ...token, client, user }),
  },
});
const jmondiServer = new AuthorizationServer(
  {
    getByIdentifier: async (id) =>
      find(id) ? { id, name: id, redirectUris: [], allowedGrants: ['client_credentials'], scopes: [] } : undefined,
    isClientValid: async (_grant, _client, secret) => secret === known.secret,
  },
  {
    issueToken: async (client) => {
      const accessTokenExpiresAt = new Date(Date.now() + 60_000);
      return { accessToken: 'a token', accessTokenExpiresAt, client, scopes: [] };
    },
    persist: async () => undefined,
  },
  { getAllByIdentifiers: async () => [], finalize: async (scopes) => scopes },
  'a key that signs tokens, long enough for HS256',
);
jmondiServer.enableGrantType('client_credentials');

const servers = {
  '@node-oauth/oauth2-server': async (request) => {
    const response = new NodeServer.Response({});
    await nodeServer.token(new NodeServer.Request(request), response);
    return response.body;
  },
  '@jmondi/oauth2-server': async (request) => {
    const { body } = await jmondiServer.respondToAccessTokenRequest(new OAuthRequest(request));
    return body;
  },
};

/** Requests a token from one server by one method, and returns the outcome. */
async function ask(issue, authenticationMethod) {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const body = Object.fromEntries(new URLSearchParams(text));
    const { method, headers } = request;
    const answer = await issue({ method, headers, query: {}, body }).catch(() => ({ error: 'invalid_client' }));
    response.writeHead(answer.error ? 401 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new OAuth2Client({
    server: `http://127.0.0.1:${server.address().port}`,
    tokenEndpoint: '/token',
    clientId: known.id,
    clientSecret: known.secret,
    authenticationMethod,
  });
  const outcome = await client.clientCredentials().then(
    () => 'a token',
    () => `looks for ${asked}`,
  );
  server.close().closeAllConnections();
  return outcome;
}

const lines = [];
for (const method of ['client_secret_post', 'client_secret_basic']) {
  const outcomes = [];
  for (const [name, issue] of Object.entries(servers)) outcomes.push(`${name} ${await ask(issue, method)}`);
  lines.push(`${method}: ${outcomes.join(', ')}`);
}
console.log(lines.join('\n'));
const observed = [
  'client_secret_post: @node-oauth/oauth2-server a token, @jmondi/oauth2-server a token',
  'client_secret_basic: @node-oauth/oauth2-server looks for a1f4%2D01, @jmondi/oauth2-server looks for a1f4%2D01',
];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
