#!/usr/bin/env bash
# Guess, written first: PartialType makes every field optional, so a PATCH that names the title alone leaves the other
# fields undefined, and the handler does not touch them.
#
# Observed with @nestjs/mapped-types 12.0.0: a field of the create class that has an initial value gets that value in the
# partial class too, and the handler cannot distinguish it from one that the client sent. The run printed:
#   {"title":"Tea"} becomes {"done":false,"title":"Tea"}
# Renaming a finished todo opens it again.
#
# Fails when this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @nestjs/common@12.5.1 @nestjs/mapped-types@12.0.0 class-transformer@0.5.1 class-validator@0.15.1 reflect-metadata@0.2.2 rxjs@7.8.2 >/dev/null
cat >run.js <<'RUN'
import 'reflect-metadata';
import { ValidationPipe } from '@nestjs/common';
import { PartialType } from '@nestjs/mapped-types';
import { IsBoolean, IsString } from 'class-validator';

class CreateTodo {
  done = false;
}
IsString()(CreateTodo.prototype, 'title');
IsBoolean()(CreateTodo.prototype, 'done');
class UpdateTodo extends PartialType(CreateTodo) {}

const sent = { title: 'Tea' };
const pipe = new ValidationPipe({ transform: true, whitelist: true });
const received = await pipe.transform({ ...sent }, { type: 'body', metatype: UpdateTodo });
const found = `${JSON.stringify(sent)} becomes ${JSON.stringify(received)}`;
console.log(found);
if (found !== '{"title":"Tea"} becomes {"done":false,"title":"Tea"}') {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
