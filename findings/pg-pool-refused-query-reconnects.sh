#!/usr/bin/env bash
# Guess, written first: when PostgreSQL refuses an INSERT because of a unique index, pool.query rejects, and the connection
# goes back into the pool: a refused statement does not break a connection.
#
# Observed with pg 8.23.1 on pg-pool 3.14.0: pool.query passes every error to release(), which closes the connection. The
# run printed:
#   pool.query: 10 refused inserts, 10 new connections
#   pool.connect and client.query: 10 refused inserts, 0 new connections
# An API that answers 409 for a title that exists connects and authenticates again for each, and callers who send many
# such requests keep the pool empty. The statements that were prepared on the connection are lost as well.
#
# Fails when either line changes.
# cspell:ignore pglite
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact pg@8.23.1 pg-pool@3.14.0 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17 >/dev/null
cat >run.js <<'RUN'
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';

const db = await PGlite.create();
await db.exec(`create table todo (title text unique); insert into todo values ('Tea')`);
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 10 });
await server.start();
const pool = new pg.Pool({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres', max: 1 });
let connections = 0;
pool.on('connect', () => {
  connections += 1;
});

/** Sends ten inserts that the unique index refuses, and counts them and the connections that were opened meanwhile. */
async function count(insert) {
  await pool.query('select 1');
  const before = connections;
  let refused = 0;
  for (let turn = 0; turn < 10; turn += 1) {
    await insert(`insert into todo values ('Tea')`).catch(({ code }) => {
      if (code === '23505') refused += 1;
    });
  }
  await pool.query('select 1');
  return `${refused} refused inserts, ${connections - before} new connections`;
}

const byPool = await count((sql) => pool.query(sql));
const byClient = await count(async (sql) => {
  const client = await pool.connect();
  return client.query(sql).finally(() => client.release());
});
await pool.end();
await server.stop();
await db.close();
const found = `pool.query: ${byPool}\npool.connect and client.query: ${byClient}`;
console.log(found);
const observed = [
  'pool.query: 10 refused inserts, 10 new connections',
  'pool.connect and client.query: 10 refused inserts, 0 new connections',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
