import { Controller, Get, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  authSettings,
  AuthModule,
  createAuthenticator,
  CurrentPrincipal,
  RequireRole,
  type AuthConfig,
  type Principal,
} from '#gatehouse/auth';
import { createMetrics, parseConfig, type Environment } from '#gatehouse/platform';
import { z } from 'zod';
import type { Issuer } from '../../apps/attack/src/issuer/start-issuer.js';
import type { Validation } from '../../apps/attack/src/target.js';
import { silentLog } from '../support/embedded-database.js';

@Controller()
class Routes {
  @Get('me') me(@CurrentPrincipal() principal: Principal) {
    return principal;
  }
  @RequireRole('todo-reader') @Get('todos') todos() {
    return [];
  }
}

/** The settings of a guard in front of the issuer; `environment` wins. */
export const guardConfig = (
  { url, target }: Pick<Issuer, 'url' | 'target'>,
  validation: Validation,
  environment: Environment = {},
): AuthConfig =>
  parseConfig(z.object(authSettings), {
    JWT_VALIDATION: validation,
    FUSIONAUTH_URL: url,
    FUSIONAUTH_APPLICATION_ID: target.applicationId,
    FUSIONAUTH_TENANT_ID: target.tenantId,
    FUSIONAUTH_ENTITY_ID: target.entityId,
    FUSIONAUTH_API_KEY: 'any-key-will-do-for-this-issuer',
    FUSIONAUTH_DEADLINE_MS: '5000',
    ...environment,
  });

export interface GuardedDoor {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The guard behind the Nest door, with the two routes that the corpus asks for. */
export async function openGuardedDoor(config: AuthConfig, clock?: () => number): Promise<GuardedDoor> {
  const parts = { log: silentLog, metrics: createMetrics(), ...(clock ? { clock } : {}) };
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
