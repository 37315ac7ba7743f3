#!/usr/bin/env bash
# Guess, written first: Boom.unauthorized(message, 'Bearer', { error: 'invalid_token' }) gives a challenge whose error is
# invalid_token, and the message is error_description, or in the body alone.
#
# Observed with @hapi/boom 10.0.1: the message becomes a second error parameter. The run printed:
#   Bearer error="invalid_token", error="The token has expired"
# RFC 6750, section 3, forbids a parameter to appear twice. A client that takes the last one finds no invalid_token and
# does not renew its token. A message of null and an error_description of one's own avoid it.
#
# Fails when this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @hapi/boom@10.0.1 >/dev/null
cat >run.js <<'RUN'
import Boom from '@hapi/boom';

const { output } = Boom.unauthorized('The token has expired', 'Bearer', { error: 'invalid_token' });
const found = output.headers['WWW-Authenticate'];
console.log(found);
if (found !== 'Bearer error="invalid_token", error="The token has expired"') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
