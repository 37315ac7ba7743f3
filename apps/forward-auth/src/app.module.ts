import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import type { Authenticator } from '#gatehouse/auth';
import { forwardDoor, hasuraDoor } from '#gatehouse/auth/forward';
import { AuthModule } from '#gatehouse/auth/nest';
import type { Logger } from '#gatehouse/platform';
import type { ForwardAuthConfig } from './config.js';
import { HASURA_DOOR, HasuraController } from './hasura.controller.js';
import { HealthController } from './health.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { Readiness } from './readiness.js';
import { FORWARD_DOOR, VerifyController } from './verify.controller.js';

export interface AppParts {
  readonly authenticator: Authenticator;
  readonly readiness: Readiness;
  readonly config: Pick<ForwardAuthConfig, 'TRUSTED_PROXIES' | 'FORWARDED_HEADERS' | 'ROLE_RULES'>;
  readonly log: Logger;
}

@Module({})
export class AppModule {
  static register({ authenticator, readiness, config, log }: AppParts): DynamicModule {
    const { TRUSTED_PROXIES: trustedProxies, FORWARDED_HEADERS: headers, ROLE_RULES: rules } = config;
    const door = forwardDoor(authenticator, { trustedProxies, headers, rules });
    return {
      module: AppModule,
      imports: [AuthModule.register(authenticator)],
      controllers: [VerifyController, HasuraController, HealthController],
      providers: [
        { provide: FORWARD_DOOR, useValue: door },
        { provide: HASURA_DOOR, useValue: hasuraDoor(authenticator, trustedProxies) },
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
