#!/usr/bin/env bash
# Guess, written first: when the answer to a refresh has no refresh_token, the new AccessToken has the old one, because it
# remains valid (RFC 6749, section 6: a new one is optional). A change of simple-oauth2 5.1.0 is for exactly this.
#
# Observed with simple-oauth2 5.1.0: the refresh token is lost. The second refresh sends an empty one and is refused. The run
# printed:
#   first refresh: sent r0, received an access token, has the refresh token undefined
#   second refresh: sent an empty one, Response Error: 400 Bad Request
# A server whose refresh tokens are reusable need not repeat them; the person then has to log in at the second expiry.
# Until that is fixed, createToken({ ...refreshed.token, refresh_token: old.token.refresh_token }) keeps it.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact simple-oauth2@5.1.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AuthorizationCode } from 'simple-oauth2';

let sent;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  sent = new URLSearchParams(body).get('refresh_token');
  const good = sent === 'r0';
  const answer = good
    ? { access_token: 'an access token', token_type: 'Bearer', expires_in: 3600 }
    : { error: 'invalid_request' };
  response.writeHead(good ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const client = new AuthorizationCode({
  client: { id: 'a client', secret: 'its secret' },
  auth: { tokenHost: `http://127.0.0.1:${server.address().port}` },
});
const first = client.createToken({ access_token: 'the first', refresh_token: 'r0', expires_in: 3600 });
const second = await first.refresh();
const firstLine = `sent ${sent}, received ${second.token.access_token}, has the refresh token ${second.token.refresh_token}`;
const outcome = await second.refresh().then(
  () => 'received an access token',
  (error) => error.message,
);
server.close().closeAllConnections();
const found = `first refresh: ${firstLine}\nsecond refresh: sent ${sent || 'an empty one'}, ${outcome}`;
console.log(found);
const observed = [
  'first refresh: sent r0, received an access token, has the refresh token undefined',
  'second refresh: sent an empty one, Response Error: 400 Bad Request',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
