import { Controller, Get, Module, Post } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type AuthConfig, createAuthenticator, type Principal } from '#gatehouse/auth';
import { AuthModule, CurrentPrincipal, RequireRole } from '#gatehouse/auth/nest';
import { createLogger, createMetrics } from '#gatehouse/platform';

@Controller()
class Routes {
  @Get('me') me(@CurrentPrincipal() principal: Principal) {
    return principal;
  }
  @RequireRole('todo-reader') @Get('todos') todos() {
    return [];
  }
  @RequireRole('todo-reader') @Post('todos') create() {
    return {};
  }
}

export interface GuardedDoor {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Opens the guard behind the Nest door, with the routes that the corpus requests. */
export async function openGuardedDoor(config: AuthConfig, clock?: () => number): Promise<GuardedDoor> {
  const parts = {
    log: createLogger('test', 'silent'),
    metrics: createMetrics(),
    ...(clock ? { clock } : {}),
  };
  const authenticator = createAuthenticator(config, parts);
  await authenticator.start();
  @Module({ imports: [AuthModule.register(authenticator)], controllers: [Routes] })
  class App {}
  const module = await Test.createTestingModule({ imports: [App] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  return {
    url,
    close: async () => {
      authenticator.close();
      await app.close();
    },
  };
}
