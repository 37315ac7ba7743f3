#!/usr/bin/env bash
# Guess, written first: @Header('Cache-Control', 'public, max-age=3600') belongs to the answer of the handler. When a pipe or
# the handler throws, the refusal has no such header.
#
# Observed with NestJS 12.5.1 on Express 5, and on Fastify 5 alike: the header is set before the pipes and the handler run,
# and the exception filter does not remove it. The run printed:
#   Express: 200 public, max-age=3600; 400 public, max-age=3600; 503 public, max-age=3600
#   Fastify: 200 public, max-age=3600; 400 public, max-age=3600; 503 public, max-age=3600
# A cache in front of the API stores the 503 (RFC 9111, section 3) and answers with it for an hour after the outage. Status
# and media type of the refusal are the filter's own; only this header is left over.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @nestjs/common@12.5.1 @nestjs/core@12.5.1 @nestjs/platform-express@12.5.1 @nestjs/platform-fastify@12.5.0 reflect-metadata@0.2.2 rxjs@7.8.2 >/dev/null
cat >run.js <<'RUN'
import 'reflect-metadata';
import { Controller, Get, Header, Module, Param, ParseIntPipe, ServiceUnavailableException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class Todos {
  one(id) {
    if (id === 2) throw new ServiceUnavailableException();
    return { id };
  }
}
Controller()(Todos);
Param('id', ParseIntPipe)(Todos.prototype, 'one', 0);
for (const decorate of [Get('todos/:id'), Header('Cache-Control', 'public, max-age=3600')]) {
  decorate(Todos.prototype, 'one', Object.getOwnPropertyDescriptor(Todos.prototype, 'one'));
}
class App {}
Module({ controllers: [Todos] })(App);

const lines = [];
for (const [name, adapter] of Object.entries({ Express: new ExpressAdapter(), Fastify: new FastifyAdapter() })) {
  const app = await NestFactory.create(App, adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  const answers = [];
  for (const id of ['1', 'one', '2']) {
    const { status, headers } = await fetch(`${await app.getUrl()}/todos/${id}`);
    answers.push(`${status} ${headers.get('cache-control')}`);
  }
  await app.close();
  lines.push(`${name}: ${answers.join('; ')}`);
}
console.log(lines.join('\n'));
const observed = [
  'Express: 200 public, max-age=3600; 400 public, max-age=3600; 503 public, max-age=3600',
  'Fastify: 200 public, max-age=3600; 400 public, max-age=3600; 503 public, max-age=3600',
];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
