import 'reflect-metadata';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Public } from '#gatehouse/auth/nest';
import { answer, serveRequests, settings } from '../../../measure/src/serve.js';
import type { IssuerSettings } from './auth-config.js';
import { type GuardName, guards } from './guards.js';

export interface NestSettings extends IssuerSettings {
  readonly guard: GuardName;
  readonly adapter?: 'fastify' | 'express';
}

const { guard: name, adapter, ...issuer } = settings as NestSettings;
const { imports, guard } = await guards[name](issuer);

/** A Nest application with an open route, and one protected by the guard under test. */
@Controller()
class BenchController {
  @Public()
  @Get('open')
  open() {
    return answer;
  }

  @UseGuards(...(guard ? [guard] : []))
  @Get('guarded')
  guarded() {
    return answer;
  }
}

@Module({ imports, controllers: [BenchController] })
class BenchModule {}

const app = await NestFactory.create(
  BenchModule,
  adapter === 'express' ? new ExpressAdapter() : new FastifyAdapter({ skipMiddie: true }),
  { logger: ['error'] },
);
await app.listen(0, '127.0.0.1');
serveRequests(await app.getUrl());
