#!/usr/bin/env bash
# Guess, written first: a parser of WWW-Authenticate returns two challenges when there are two. fetch joins the lines of a
# header with a comma, and one line may have several anyway (RFC 9110, section 11.6.1).
#
# Observed with three parsers, and with oauth4webapi 3.8.8 for comparison: each of the three returns one challenge and mixes
# the parameters of the second one into it. The run printed:
#   oauth4webapi 3.8.8: bearer {"realm":"todos"} and basic {"realm":"admin"}
#   http-auth-utils 6.0.1: Bearer {"realm":"admin"}
#   auth-header 1.0.0: Bearer {"realm":["todos","admin"]}
#   www-authenticate 0.6.3: Bearer {"realm":"todos","Basic realm":"admin"}
# A client that supports only Basic finds no challenge that it can answer, and one that supports Bearer may read the realm
# of Basic. Whether an API sends one line or two makes no difference.
#
# Fails when any line changes.
# cspell:ignore parms webapi
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact oauth4webapi@3.8.8 http-auth-utils@6.0.1 auth-header@1.0.0 www-authenticate@0.6.3 >/dev/null
cat >run.js <<'RUN'
import { parse } from 'auth-header';
import { BASIC, BEARER, parseWWWAuthenticateHeader } from 'http-auth-utils';
import * as oauth from 'oauth4webapi';
import wwwAuthenticate from 'www-authenticate';

const headers = new Headers();
headers.append('www-authenticate', 'Bearer realm="todos"');
headers.append('www-authenticate', 'Basic realm="admin"');
const line = headers.get('www-authenticate');
const text = (scheme, parameters) => `${scheme} ${JSON.stringify(parameters)}`;

const url = new URL('https://todos.example.com');
const answer = { [oauth.customFetch]: async () => new Response(null, { status: 401, headers }) };
const { cause } = await oauth
  .protectedResourceRequest('an access token', 'GET', url, undefined, undefined, answer)
  .catch((error) => error);
const byUtils = parseWWWAuthenticateHeader(line, [BASIC, BEARER]);
const byHeader = parse(line);
const byWww = new wwwAuthenticate.parsers.WWW_Authenticate(line);
const found = [
  `oauth4webapi 3.8.8: ${cause.map(({ scheme, parameters }) => text(scheme, parameters)).join(' and ')}`,
  `http-auth-utils 6.0.1: ${text(byUtils.type, byUtils.data)}`,
  `auth-header 1.0.0: ${text(byHeader.scheme, byHeader.params)}`,
  `www-authenticate 0.6.3: ${text(byWww.scheme, byWww.parms)}`,
].join('\n');
console.log(found);
const observed = [
  'oauth4webapi 3.8.8: bearer {"realm":"todos"} and basic {"realm":"admin"}',
  'http-auth-utils 6.0.1: Bearer {"realm":"admin"}',
  'auth-header 1.0.0: Bearer {"realm":["todos","admin"]}',
  'www-authenticate 0.6.3: Bearer {"realm":"todos","Basic realm":"admin"}',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
