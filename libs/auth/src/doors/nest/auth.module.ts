import {
  ConfigurableModuleBuilder,
  type DynamicModule,
  Global,
  Inject,
  Module,
  type NestModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import type { Authenticator } from '../../build-authenticator.js';
import { type AuthenticatorParts, createAuthenticator } from '../../create-authenticator.js';
import { type AuthConfig, readAuthConfig } from '../../settings.js';
import { AUTHENTICATOR } from './admission.js';
import { CredentialGuard } from './credential.guard.js';
import { CredentialPassport } from './credential.passport.js';
import { EarlyAdmission } from './early-admission.js';
import { FailureFilter } from './failure.filter.js';

/** Options of the module: what it creates its guard from, or an existing guard. */
export interface AuthModuleOptions extends AuthenticatorParts {
  /** The settings, for example from `readAuthConfig(environment)`; read from environment variables unless given. */
  readonly config?: AuthConfig;
  /** An existing authenticator, used instead of creating one. The module starts it; you close it. */
  readonly authenticator?: Authenticator;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AuthModuleOptions>({
  moduleName: 'Auth',
})
  .setClassMethodName('forRoot')
  .build();

/** Guards every route of a Nest application, on Fastify or Express. Set up once, by `forRoot` or `forRootAsync`. */
@Global()
@Module({
  providers: [
    {
      provide: AUTHENTICATOR,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ authenticator, config, ...parts }: AuthModuleOptions) =>
        authenticator ?? createAuthenticator(config ?? readAuthConfig(), parts),
    },
    CredentialPassport,
    EarlyAdmission,
    CredentialGuard,
    { provide: APP_GUARD, useExisting: CredentialGuard },
    {
      provide: APP_FILTER,
      inject: [HttpAdapterHost, AUTHENTICATOR],
      useFactory: (host: HttpAdapterHost, { problemType }: Authenticator) =>
        new FailureFilter(host, problemType),
    },
  ],
  exports: [AUTHENTICATOR, CredentialPassport, CredentialGuard],
})
export class AuthModule
  extends ConfigurableModuleClass
  implements NestModule, OnModuleInit, OnApplicationShutdown
{
  constructor(
    private readonly early: EarlyAdmission,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: AuthModuleOptions,
  ) {
    super();
  }

  /** Without options all settings are read from environment variables when the application starts. */
  static override forRoot(options: AuthModuleOptions = {}): DynamicModule {
    return super.forRoot(options);
  }

  /** For an application that owns its authenticator and closes it. */
  static register(authenticator: Authenticator): DynamicModule {
    return super.forRoot({ authenticator });
  }

  /** Runs when Nest configures middleware, the last hook before it registers routes. */
  configure(): Promise<void> {
    return this.early.install();
  }

  /**
   * Waits for the first attempt of every strategy, so that the application listens with its keys loaded if FusionAuth
   * answers, and starts all the same if it does not.
   */
  onModuleInit(): Promise<void> {
    return this.authenticator.start();
  }

  /** Runs after the server has answered its last request. */
  onApplicationShutdown(): void {
    if (!this.options.authenticator) this.authenticator.close();
  }
}
