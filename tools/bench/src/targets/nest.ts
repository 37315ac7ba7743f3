import 'reflect-metadata';
import { Controller, type DynamicModule, Get, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NextFunction, Request, Response } from 'express';
import { Public } from '#gatehouse/auth/nest';
import { serveParent, settings } from '../processes/in-child.js';
import { answer, logRequest } from './answer.js';
import type { GuardSettings } from './guards/guard-under-test.js';
import { guards } from './guards/index.js';

export interface NestSettings extends GuardSettings {
  readonly adapter: 'fastify' | 'express';
}

/** A Nest application with an open route, and one that is guarded by the guard under test. */
@Controller()
class OpenController {
  @Public()
  @Get('open')
  open() {
    return answer;
  }
}

@Module({})
class BenchModule {
  static register(guard: DynamicModule, guarded: Type): DynamicModule {
    return { module: BenchModule, imports: [guard], controllers: [OpenController, guarded] };
  }
}

const given = settings as NestSettings;
const { module, controller, calls } = await guards[given.guard](given);
const app = await NestFactory.create(
  BenchModule.register(module, controller),
  given.adapter === 'fastify' ? fastify() : express(),
  { logger: ['error'] },
);
await app.listen(0, '127.0.0.1');
serveParent(await app.getUrl(), { calls });

function fastify(): FastifyAdapter {
  const adapter = new FastifyAdapter({ skipMiddie: true });
  adapter.getInstance().addHook('onResponse', (request, reply, done) => {
    logRequest(request.method, request.routeOptions.url ?? '', reply.statusCode, reply.elapsedTime);
    done();
  });
  return adapter;
}

function express(): ExpressAdapter {
  const adapter = new ExpressAdapter();
  adapter.use((request: Request, response: Response, next: NextFunction) => {
    const began = performance.now();
    response.once('finish', () =>
      logRequest(request.method, request.path, response.statusCode, performance.now() - began),
    );
    next();
  });
  return adapter;
}
