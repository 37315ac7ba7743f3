#!/usr/bin/env bash
# Guess, written first: express-oauth2-jwt-bearer as middleware in NestJS answers like it does in Express: 401 with its
# challenge when there is no token. Its error has status, statusCode and headers, and Nest passes errors of Express
# middleware to its exception filter.
#
# Observed with express-oauth2-jwt-bearer 1.10.0, NestJS 12.5.1 and Express 5.3.0: the filter takes an Error of a library
# for an HTTP error only if it has a field expose as well, as those of http-errors have. The run printed:
#   Express: no token 401 Bearer, not a token 401 Bearer
#   NestJS: no token 500 no challenge, not a token 500 no challenge
# A client that waits for a 401 before it logs in never does, and each such request counts as an error of the API. A filter
# of one's own for UnauthorizedError avoids it.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact express-oauth2-jwt-bearer@1.10.0 @nestjs/common@12.5.1 @nestjs/core@12.5.1 @nestjs/platform-express@12.5.1 express@5.3.0 reflect-metadata@0.2.2 rxjs@7.8.2 >/dev/null
cat >run.js <<'RUN'
import 'reflect-metadata';
import { once } from 'node:events';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express from 'express';
import { auth } from 'express-oauth2-jwt-bearer';

const guard = auth({ issuer: 'https://login.example.com', jwksUri: 'https://login.example.com/jwks', audience: 'todos' });

/** Asks without a token and with a text that is none. */
async function ask(url) {
  const answers = [];
  for (const [name, headers] of [['no token', {}], ['not a token', { authorization: 'Bearer tea' }]]) {
    const answer = await fetch(url, { headers });
    const challenge = answer.headers.get('www-authenticate')?.split(' ')[0] ?? 'no challenge';
    answers.push(`${name} ${answer.status} ${challenge}`);
  }
  return answers.join(', ');
}

const inExpress = express();
// Otherwise Express prints each error.
inExpress.set('env', 'test');
inExpress.use(guard);
const server = inExpress.listen(0, '127.0.0.1');
await once(server, 'listening');
const byExpress = await ask(`http://127.0.0.1:${server.address().port}`);
server.close().closeAllConnections();

class Home {
  home() {
    return 'home';
  }
}
Controller()(Home);
Get()(Home.prototype, 'home', Object.getOwnPropertyDescriptor(Home.prototype, 'home'));
class App {
  configure(consumer) {
    consumer.apply(guard).forRoutes(Home);
  }
}
Module({ controllers: [Home] })(App);
const app = await NestFactory.create(App, { logger: false });
await app.listen(0, '127.0.0.1');
const byNest = await ask(await app.getUrl());
await app.close();

const found = `Express: ${byExpress}\nNestJS: ${byNest}`;
console.log(found);
const observed = [
  'Express: no token 401 Bearer, not a token 401 Bearer',
  'NestJS: no token 500 no challenge, not a token 500 no challenge',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
