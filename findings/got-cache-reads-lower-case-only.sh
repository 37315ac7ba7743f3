#!/usr/bin/env bash
# Guess, written first: the cache of got serves an answer with Cache-Control: Max-Age=60 for a minute. RFC 9111, section 5.2:
# directives are compared without regard to case, and got says that its cache complies with the RFC.
#
# Observed with got 16.1.0 on http-cache-semantics 4.3.0: only a directive in lower case is read. The run printed:
#   max-age=60: 1 request for two calls
#   Max-Age=60: 2 requests for two calls
# Nothing says that the cache has no effect; the API receives every call, and a rate limit is reached sooner.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact got@16.1.0 http-cache-semantics@4.3.0 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import got from 'got';

/** Calls an API twice, and returns how many requests it received. */
async function count(directive) {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(200, { 'cache-control': directive }).end('[]');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = got.extend({ cache: new Map(), prefixUrl: `http://127.0.0.1:${server.address().port}` });
  await client('todos');
  await client('todos');
  server.close().closeAllConnections();
  return `${directive}: ${requests} request${requests === 1 ? '' : 's'} for two calls`;
}

const found = `${await count('max-age=60')}\n${await count('Max-Age=60')}`;
console.log(found);
if (found !== 'max-age=60: 1 request for two calls\nMax-Age=60: 2 requests for two calls') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
