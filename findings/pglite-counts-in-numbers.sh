#!/usr/bin/env bash
# Guess, written first: count(*) has the same type in PGlite as in node-postgres, a string, because int8 does not fit into a
# number. PGlite reads numeric as a string for this reason.
#
# Observed with PGlite 0.5.14 and pg 8.23.1 on the same database: PGlite reads int8 as a number, and as a BigInt where a
# number is not exact. The run printed:
#   PGlite: count 3, one more 4, 2^53 + 1 is a bigint
#   pg: count "3", one more "31", 2^53 + 1 is a string
# An application that is tested with PGlite and runs on PostgreSQL by pg shows 31 todos in place of 4, and its tests pass.
# count(*)::int is a number in both.
#
# Fails when either line changes.
# cspell:ignore pglite
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact pg@8.23.1 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17 >/dev/null
cat >run.js <<'RUN'
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';

const db = await PGlite.create();
await db.exec(`create table todo (title text); insert into todo values ('Tea'), ('Milk'), ('Bread')`);
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0 });
await server.start();
const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' });
await client.connect();

const sql = 'select count(*), 9007199254740993::int8 as large from todo';
const text = ({ rows: [{ count, large }] }) =>
  `count ${JSON.stringify(count)}, one more ${JSON.stringify(count + 1)}, 2^53 + 1 is a ${typeof large}`;
const found = `PGlite: ${text(await db.query(sql))}\npg: ${text(await client.query(sql))}`;
await client.end();
await server.stop();
await db.close();
console.log(found);
const observed = [
  'PGlite: count 3, one more 4, 2^53 + 1 is a bigint',
  'pg: count "3", one more "31", 2^53 + 1 is a string',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
