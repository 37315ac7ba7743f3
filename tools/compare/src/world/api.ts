import 'reflect-metadata';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createAuthenticator, type Principal, readAuthConfig } from '#gatehouse/auth';
import { AuthModule, CurrentPrincipal, Public, RequireRole, webhookRoute } from '#gatehouse/auth/nest';
import { createLogger, createMetrics, type Environment } from '#gatehouse/platform';

/** The answer of a route without content. */
const answer = { status: 'ok', items: [1, 2, 3] };

/** Routes for each right that a credential can have, and one for everybody. */
@Controller()
class Routes {
  @Public()
  @Get('open')
  open() {
    return answer;
  }
  @Get('guarded')
  guarded() {
    return answer;
  }
  @Get('me')
  me(@CurrentPrincipal() { subject, kind, via, roles }: Principal) {
    return { subject, kind, via, roles };
  }
  @RequireRole('todo-reader')
  @Get('todos')
  todos() {
    return answer;
  }
  @RequireRole('todo-writer')
  @Post('todos')
  create() {
    return answer;
  }
  @RequireRole('todo-auditor')
  @Get('everything')
  everything() {
    return answer;
  }
}

/** An API of a few routes behind the guard: measures a mode without a database in the figures. */
export interface Api {
  readonly url: string;
  /** Returns the text of its metrics. */
  metrics(): Promise<string>;
  close(): Promise<void>;
}

const readyWithinMs = 20_000;

/** Opens an API on a free port of this machine. Resolves once its guard is ready. */
export async function openApi(environment: Environment): Promise<Api> {
  const metrics = createMetrics();
  const log = createLogger('api', 'fatal');
  const authenticator = createAuthenticator(readAuthConfig(environment), { log, metrics });
  @Module({ imports: [AuthModule.register(authenticator)], controllers: [Routes] })
  class ApiModule {}
  const adapter = new FastifyAdapter({ skipMiddie: true });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule, adapter, { logger: false });
  if (authenticator.receiveWebhook) await app.register(webhookRoute(authenticator));
  await app.listen(0, '127.0.0.1');
  const latest = performance.now() + readyWithinMs;
  while (!authenticator.readiness().ready && performance.now() < latest)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    url: await app.getUrl(),
    metrics: () => metrics.metrics(),
    async close() {
      await app.close();
      authenticator.close();
    },
  };
}
