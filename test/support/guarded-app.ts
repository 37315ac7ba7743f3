import type { IncomingMessage } from 'node:http';
import {
  Controller,
  Get,
  type INestApplication,
  Module,
  type NestApplicationOptions,
  Post,
  Req,
  type Type,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { Authenticator, AuthenticatorSettings, Principal } from '#gatehouse/auth';
import { AuthModule, CurrentPrincipal, RequireRole } from '#gatehouse/auth/nest';
import { createLogger, createMetrics } from '#gatehouse/platform';

/** Returns settings of a guard whose clock stands still and whose log is silent, with these changes. */
export const guardSettings = (changes: Partial<AuthenticatorSettings> = {}): AuthenticatorSettings => ({
  realm: 'test',
  deadlineMs: 800,
  trustSeconds: 5,
  graceSeconds: 0,
  refusedPerMinute: 30,
  clock: () => 0,
  log: createLogger('test', 'silent'),
  metrics: createMetrics(),
  ...changes,
});

/** Routes that show what the guard hands to a handler, and whom it admits. */
@Controller()
class GuardedRoutes {
  @Get('me') me(@CurrentPrincipal() principal: Principal) {
    return principal;
  }
  @RequireRole('todo-reader') @Get('todos') todos() {
    return [];
  }
  @RequireRole('todo-reader') @Post('todos') create() {
    return {};
  }
  @RequireRole('portal-admin') @Get('admin') admin() {
    return [];
  }
  @Get('headers') headers(@Req() request: { raw: IncomingMessage }) {
    return request.raw.rawHeaders;
  }
}

interface GuardedApp<App> {
  readonly controllers?: readonly Type[];
  /** Fastify by default. */
  readonly adapter?: AbstractHttpAdapter;
  /** Called before the application listens. */
  readonly prepare?: (app: App) => unknown;
}

/** Starts a Nest application behind the guard, on a free port of this machine. */
export async function startGuardedApp<App extends INestApplication = NestFastifyApplication>(
  authenticator: Authenticator,
  { controllers = [GuardedRoutes], adapter = new FastifyAdapter(), prepare }: GuardedApp<App> = {},
): Promise<App> {
  @Module({ imports: [AuthModule.register(authenticator)], controllers: [...controllers] })
  class AppModule {}
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const options: NestApplicationOptions = { logger: false };
  const app = module.createNestApplication<App>(adapter, options);
  await prepare?.(app);
  await app.listen(0, '127.0.0.1');
  return app;
}
