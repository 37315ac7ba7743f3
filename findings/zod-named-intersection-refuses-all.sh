#!/usr/bin/env bash
# Guess, written first: naming two schemas with meta({ id }), as one does for the components of an OpenAPI document, moves
# them to $defs and changes nothing else: the JSON Schema of a.and(b) accepts what it accepted before.
#
# Observed with zod 4.6.7 and ajv 8.20.0: without names zod merges both into one object. With names it refers to two closed
# objects in allOf. Each forbids the properties of the other, so no value at all is valid. The run printed:
#   without names: zod accepts, ajv accepts
#   with names: zod accepts, ajv refuses
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact zod@4.6.7 ajv@8.20.0 >/dev/null
cat >run.js <<'RUN'
import Ajv from 'ajv/dist/2020.js';
import { z } from 'zod';

const todo = z.object({ title: z.string() });
const owned = z.object({ owner: z.string() });
const value = { title: 'Tea', owner: 'Ada' };
const verdict = (accepted) => (accepted ? 'accepts' : 'refuses');
const judge = (schema) => {
  const byAjv = new Ajv.default().validate(z.toJSONSchema(schema), value);
  return `zod ${verdict(schema.safeParse(value).success)}, ajv ${verdict(byAjv)}`;
};
const named = todo.meta({ id: 'Todo' }).and(owned.meta({ id: 'Owned' }));
const found = `without names: ${judge(todo.and(owned))}\nwith names: ${judge(named)}`;
console.log(found);
if (found !== 'without names: zod accepts, ajv accepts\nwith names: zod accepts, ajv refuses') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
