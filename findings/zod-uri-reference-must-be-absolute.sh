#!/usr/bin/env bash
# Guess, written first: z.fromJSONSchema reads the JSON Schema of problem details in RFC 9457, appendix A, and the result
# accepts the example in section 3 of the same RFC.
#
# Observed with zod 4.6.7, and with ajv 8.20.0 and ajv-formats 3.0.1 for comparison: uri-reference is read as uri, so a
# relative reference is refused. The run printed:
#   about:blank: ajv accepts, zod accepts
#   /account/12345/msgs/abc: ajv accepts, zod refuses at instance
# A client that checks an API's refusals with it throws instead of reading why it was refused.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact zod@4.6.7 ajv@8.20.0 ajv-formats@3.0.1 >/dev/null
cat >run.js <<'RUN'
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';

const reference = { type: 'string', format: 'uri-reference' };
const problem = {
  type: 'object',
  properties: {
    type: reference,
    title: { type: 'string' },
    status: { type: 'integer', minimum: 100, maximum: 599 },
    detail: { type: 'string' },
    instance: reference,
  },
};
const ajv = new Ajv.default();
formats.default(ajv);
const byAjv = ajv.compile(problem);
const byZod = z.fromJSONSchema(problem);
const judge = (instance) => {
  const value = { type: 'about:blank', title: 'Forbidden', status: 403, instance };
  const refused = byZod.safeParse(value).error?.issues.map(({ path }) => path.join('.'));
  return `${instance}: ajv ${byAjv(value) ? 'accepts' : 'refuses'}, zod ${refused ? `refuses at ${refused}` : 'accepts'}`;
};
const found = `${judge('about:blank')}\n${judge('/account/12345/msgs/abc')}`;
console.log(found);
const observed = [
  'about:blank: ajv accepts, zod accepts',
  '/account/12345/msgs/abc: ajv accepts, zod refuses at instance',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
