#!/usr/bin/env bash
# Guess, written first: a form field whose value is the text "null" is sent as password=null; only a value that is null or
# undefined itself is left out.
#
# Observed with @fusionauth/typescript-client 1.69.0: the field is left out, so the log-in of a person with that password is
# answered as one without a password. The run printed:
#   with the password "null": password is not sent; with "nullable": password=nullable
#
# Fails when either changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @fusionauth/typescript-client@1.69.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import client from '@fusionauth/typescript-client';

let body;
const server = createServer(async (request, response) => {
  body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const fusionAuth = new client.FusionAuthClient('a key', `http://127.0.0.1:${server.address().port}`);
const sentFor = async (password) => {
  const login = ['ada@example.com', password, 'an application', 'its secret', 'openid', ''];
  await fusionAuth.exchangeUserCredentialsForAccessToken(...login);
  const sent = new URLSearchParams(body).get('password');
  return sent === null ? 'password is not sent' : `password=${sent}`;
};
const found = `with the password "null": ${await sentFor('null')}; with "nullable": ${await sentFor('nullable')}`;
server.close().closeAllConnections();
console.log(found);
if (found !== 'with the password "null": password is not sent; with "nullable": password=nullable') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
