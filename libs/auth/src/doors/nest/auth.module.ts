import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { Authenticator } from '../../core/build-authenticator.js';
import { ApiKeyGuard, CredentialGuard, EmailTokenGuard, JwtGuard } from './credential.guard.js';
import { AUTHENTICATOR } from './admission.js';
import { CredentialPassport } from './credential.passport.js';
import { FailureFilter } from './failure.filter.js';

const guards = [JwtGuard, ApiKeyGuard, EmailTokenGuard];

/** Guards every route of a Nest application, on Fastify or Express. */
@Module({})
export class AuthModule {
  static register(authenticator: Authenticator): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      providers: [
        { provide: AUTHENTICATOR, useValue: authenticator },
        CredentialPassport,
        ...guards,
        { provide: APP_GUARD, useClass: CredentialGuard },
        { provide: APP_FILTER, useClass: FailureFilter },
      ],
      exports: [AUTHENTICATOR, CredentialPassport, ...guards],
    };
  }
}
