import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { Authenticator } from '../../build-authenticator.js';
import type { AuthenticatorParts } from '../../create-authenticator.js';
import type { AuthConfig } from '../../settings.js';

/** What the module makes its guard of, or the guard that it is given. */
export interface AuthModuleOptions extends AuthenticatorParts {
  /** The settings, for example of `readAuthConfig(environment)`; from environment variables unless given. */
  readonly config?: AuthConfig;
  /** An authenticator of yours, in whose place none is made. The module starts it; you close it. */
  readonly authenticator?: Authenticator;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<AuthModuleOptions>({ moduleName: 'Auth' })
    .setClassMethodName('forRoot')
    .build();
