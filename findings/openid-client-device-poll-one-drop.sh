#!/usr/bin/env bash
# Guess, written first: polling for a device grant (RFC 8628) survives one failed poll of any kind, until the
# device code expires. Section 3.5 asks a client to poll more slowly after a connection timeout, not to stop.
#
# Observed with openid-client 6.8.9: it survives only a 503 with Retry-After. A dropped connection, a 503 without that
# header, a 502 page or a 429 with Retry-After ends pollDeviceAuthorizationGrant, and the approval that the person gives a
# moment later is lost unless the caller polls again with the same answer of initiateDeviceAuthorization. One run printed:
#   dropped connection: TypeError after 2 polls
#   503 with Retry-After: token after 3 polls
#   503: OAUTH_RESPONSE_IS_NOT_CONFORM after 2 polls
#   502 with a page: OAUTH_RESPONSE_IS_NOT_CONFORM after 2 polls
#   429 with Retry-After: OAUTH_RESPONSE_IS_NOT_JSON after 2 polls
#   dropped connection, polled again: token after 3 polls
#
# Fails when any of these lines changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact openid-client@6.8.9 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import * as client from 'openid-client';

const json = (response, status, value) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const device = {
  device_code: 'a device code',
  // cspell:ignore BCDF GHJK
  user_code: 'BCDF-GHJK',
  verification_uri: 'https://login.example.com/device',
  expires_in: 60,
  interval: 1,
};

/** Answers the first poll with authorization_pending, the second with trouble, the third with a token. */
async function poll(trouble, again = false) {
  let polls = 0;
  const server = createServer((request, response) => {
    if (request.url === '/device') return json(response, 200, device);
    polls += 1;
    if (polls === 1) return json(response, 400, { error: 'authorization_pending' });
    if (polls === 2) return trouble(response);
    return json(response, 200, { access_token: 'an access token', token_type: 'Bearer' });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const metadata = {
    issuer,
    token_endpoint: `${issuer}/token`,
    device_authorization_endpoint: `${issuer}/device`,
  };
  const configuration = new client.Configuration(metadata, 'a client', undefined, client.None());
  client.allowInsecureRequests(configuration);
  const started = await client.initiateDeviceAuthorization(configuration, {});
  const attempt = () => client.pollDeviceAuthorizationGrant(configuration, started);
  const outcome = await (again ? attempt().catch(attempt) : attempt()).then(
    () => 'token',
    (error) => error.code ?? error.name,
  );
  server.close().closeAllConnections();
  return `${outcome} after ${polls} polls`;
}

const drop = (response) => response.socket.destroy();
const lines = [
  `dropped connection: ${await poll(drop)}`,
  `503 with Retry-After: ${await poll((response) => response.writeHead(503, { 'retry-after': '1' }).end())}`,
  `503: ${await poll((response) => response.writeHead(503).end())}`,
  `502 with a page: ${await poll((response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<p>down'))}`,
  `429 with Retry-After: ${await poll((response) => response.writeHead(429, { 'retry-after': '1' }).end())}`,
  `dropped connection, polled again: ${await poll(drop, true)}`,
];
console.log(lines.join('\n'));
const expected = [
  'dropped connection: TypeError after 2 polls',
  '503 with Retry-After: token after 3 polls',
  '503: OAUTH_RESPONSE_IS_NOT_CONFORM after 2 polls',
  '502 with a page: OAUTH_RESPONSE_IS_NOT_CONFORM after 2 polls',
  '429 with Retry-After: OAUTH_RESPONSE_IS_NOT_JSON after 2 polls',
  'dropped connection, polled again: token after 3 polls',
];
if (lines.join() !== expected.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
