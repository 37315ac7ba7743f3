#!/usr/bin/env bash
# Guess, written first: fetchProtectedResource resolves with an answer 201 that has a WWW-Authenticate header. RFC 9110,
# section 11.6.1, lets a server send it in any answer, to say that other credentials might change the result.
#
# Observed with openid-client 6.8.9 on oauth4webapi 3.8.8: the status does not matter. The call rejects with the error of a
# refused token, although the server has created the resource. The run printed:
#   no header: 201, created 1
#   WWW-Authenticate: WWWAuthenticateChallengeError with status 201, created 2
# A caller that renews its token and sends the request again creates the resource twice.
#
# Fails when either line changes.
# cspell:ignore webapi
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact openid-client@6.8.9 oauth4webapi@3.8.8 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import * as client from 'openid-client';

let created = 0;
let headers = {};
const server = createServer((_request, response) => {
  created += 1;
  response.writeHead(201, { ...headers, 'content-type': 'application/json' }).end('{"title":"Tea"}');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;
const configuration = new client.Configuration({ issuer }, 'a client', undefined, client.None());
client.allowInsecureRequests(configuration);
const create = async () => {
  const outcome = await client
    .fetchProtectedResource(configuration, 'an access token', new URL('/todos', issuer), 'POST', '{"title":"Tea"}')
    .then(
      ({ status }) => status,
      (error) => `${error.name} with status ${error.status}`,
    );
  return `${outcome}, created ${created}`;
};
const without = await create();
headers = { 'www-authenticate': 'Bearer realm="todos"' };
const found = `no header: ${without}\nWWW-Authenticate: ${await create()}`;
server.close().closeAllConnections();
console.log(found);
const observed = [
  'no header: 201, created 1',
  'WWW-Authenticate: WWWAuthenticateChallengeError with status 201, created 2',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
