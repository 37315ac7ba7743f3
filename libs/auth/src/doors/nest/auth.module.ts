import { Module, type DynamicModule, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import type { Authenticator } from '../../build-authenticator.js';
import { ApiKeyGuard, CredentialGuard, EmailTokenGuard, JwtGuard } from './credential.guard.js';
import { AUTHENTICATOR } from './admission.js';
import { CredentialPassport } from './credential.passport.js';
import { EarlyAdmission } from './early-admission.js';
import { FailureFilter } from './failure.filter.js';

const guards = [JwtGuard, ApiKeyGuard, EmailTokenGuard];

/** Guards every route of a Nest application, on Fastify or Express. */
@Module({})
export class AuthModule implements NestModule {
  constructor(private readonly early: EarlyAdmission) {}

  static register(authenticator: Authenticator): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      providers: [
        { provide: AUTHENTICATOR, useValue: authenticator },
        CredentialPassport,
        EarlyAdmission,
        ...guards,
        { provide: APP_GUARD, useClass: CredentialGuard },
        {
          provide: APP_FILTER,
          inject: [HttpAdapterHost],
          useFactory: (host: HttpAdapterHost) => new FailureFilter(host, authenticator.problemType),
        },
      ],
      exports: [AUTHENTICATOR, CredentialPassport, ...guards],
    };
  }

  /** Nest's moment for middleware, the last one before it registers routes. */
  configure(): Promise<void> {
    return this.early.install();
  }
}
