import { z } from 'zod';
import {
  type AuthConfig,
  type Authenticator,
  authSettings,
  createAuthenticator,
  strategies,
  type StrategyName,
  strategySettings,
} from '#gatehouse/auth';
import { createLogger, type Environment, parseConfig, Secret } from '#gatehouse/platform';
import { principalKey } from '../config.js';
import type { FusionAuthContext } from '../context.js';

const schema = z.object(authSettings);
const silent = createLogger('doctor', 'silent');

/** As the Todo API has it, else as strictly as can be: a session only where the Todo API's own key is known here. */
export function validationOf({ config }: FusionAuthContext): 'session' | 'introspection' | 'local' {
  const { JWT_VALIDATION: wanted = 'session', FUSIONAUTH_API_KEY: key } = config;
  return wanted === 'session' && !key ? 'local' : wanted;
}

/** The settings of all strategies as environment variables, as far as they are set here. */
function settingsHere({ config }: FusionAuthContext): Environment {
  const names = Object.keys(strategySettings) as (keyof typeof strategySettings)[];
  return Object.fromEntries(
    names.map((name) => {
      const value = config[name];
      return [name, value instanceof Secret ? value.reveal() : value?.toString()];
    }),
  );
}

/** The settings of the Todo API's guard, as far as they are known here. */
export function guardConfig(context: FusionAuthContext, names: readonly StrategyName[]): AuthConfig {
  const { config } = context;
  return parseConfig(schema, {
    ...settingsHere(context),
    // The doctor sends a token in a header, wherever the Todo API looks for it.
    TOKEN_LOCATION: undefined,
    AUTH_STRATEGY: names.join(','),
    JWT_VALIDATION: validationOf(context),
    CREDENTIAL_CACHE_SECONDS: '0',
    CREDENTIAL_GRACE_SECONDS: '0',
    FUSIONAUTH_DEADLINE_MS: '5000',
    FUSIONAUTH_URL: config.FUSIONAUTH_URL,
    FUSIONAUTH_TENANT_ID: config.FUSIONAUTH_TENANT_ID,
    FUSIONAUTH_APPLICATION_ID: config.FUSIONAUTH_APPLICATION_ID,
    FUSIONAUTH_API_KEY: config.FUSIONAUTH_API_KEY?.reveal(),
    PRINCIPAL_KEY: principalKey(config)?.reveal(),
  });
}

/** What a strategy needs and is not set here, as `NAME: what is wrong`. */
export const missingFor = (context: FusionAuthContext, strategy: StrategyName): readonly string[] =>
  strategies[strategy].problems(guardConfig(context, [strategy]));

/**
 * The guard of the Todo API itself, which remembers nothing and asks each time. What it judges here is what it would
 * judge there, with the same settings.
 */
export async function openGuard(
  context: FusionAuthContext,
  names: readonly StrategyName[],
): Promise<Authenticator> {
  const guard = createAuthenticator(guardConfig(context, names), { log: silent, clock: context.clock });
  await guard.start();
  return guard;
}
