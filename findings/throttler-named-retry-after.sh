#!/usr/bin/env bash
# Guess, written first: a 429 of @nestjs/throttler has a Retry-After header, also when the rate limit has a name.
#
# Observed with @nestjs/throttler 6.7.1: the name of the rate limit becomes part of the header's name, also of this standard
# one. The run printed:
#   no name: retry-after 60
#   named burst: retry-after-burst 60
# A client that waits as long as Retry-After says finds none, so it falls back to its own delay and may be refused again.
# Several rate limits need names; only the one that is called default keeps the header.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @nestjs/common@12.5.1 @nestjs/core@12.5.1 @nestjs/platform-express@12.5.1 @nestjs/throttler@6.7.1 reflect-metadata@0.2.2 rxjs@7.8.2 >/dev/null
cat >run.js <<'RUN'
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';

/** Asks twice where one request a minute is allowed, and returns the headers of the refusal that speak of a retry. */
async function refusal(limit) {
  class Home {
    home() {
      return 'home';
    }
  }
  Controller()(Home);
  Get()(Home.prototype, 'home', Object.getOwnPropertyDescriptor(Home.prototype, 'home'));
  class App {}
  const imports = [ThrottlerModule.forRoot([{ ttl: 60_000, limit: 1, ...limit }])];
  Module({ imports, controllers: [Home], providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }] })(App);
  const app = await NestFactory.create(App, { logger: false });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  await fetch(url);
  const { headers } = await fetch(url);
  await app.close();
  return [...headers].filter(([name]) => name.startsWith('retry')).join('; ').replaceAll(',', ' ');
}

const found = `no name: ${await refusal({})}\nnamed burst: ${await refusal({ name: 'burst' })}`;
console.log(found);
if (found !== 'no name: retry-after 60\nnamed burst: retry-after-burst 60') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
