import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import type { Authenticator } from '#gatehouse/auth';
import { hasuraDoor } from '#gatehouse/auth/forward';
import { AuthModule } from '#gatehouse/auth/nest';
import { Readiness } from '#gatehouse/http-edge';
import type { Logger } from '#gatehouse/platform';
import type { ForwardAuthConfig } from './config.js';
import { HASURA_DOOR, HasuraController } from './hasura.controller.js';
import { HealthController } from './health.controller.js';
import { ProblemFilter } from './problem.filter.js';

export interface AppParts {
  readonly authenticator: Authenticator;
  readonly readiness: Readiness;
  readonly config: Pick<ForwardAuthConfig, 'TRUSTED_PROXIES' | 'FORWARDED_HEADERS' | 'ROLE_RULES'>;
  readonly log: Logger;
}

@Module({})
export class AppModule {
  static register({ authenticator, readiness, config, log }: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [AuthModule.register(authenticator)],
      controllers: [HasuraController, HealthController],
      providers: [
        { provide: HASURA_DOOR, useValue: hasuraDoor(authenticator, config.TRUSTED_PROXIES) },
        { provide: Readiness, useValue: readiness },
        {
          provide: APP_FILTER,
          inject: [HttpAdapterHost],
          useFactory: (host: HttpAdapterHost) => new ProblemFilter(host, log),
        },
      ],
    };
  }
}
