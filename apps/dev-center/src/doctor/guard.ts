import { z } from 'zod';
import {
  type AuthConfig,
  type Authenticator,
  type AuthMemory,
  authSettings,
  createAuthenticator,
  strategies,
  type StrategyName,
} from '#gatehouse/auth';
import { createLogger, parseConfig } from '#gatehouse/platform';
import { principalKey } from '../config.js';
import type { FusionAuthContext } from '../context.js';

const schema = z.object(authSettings);
const silent = createLogger('doctor', 'silent');

/**
 * Returns JWT_VALIDATION of the Todo API, or else the strictest mode that can be tried: `session` needs the Todo
 * API's own key.
 */
export function validationOf({ config }: FusionAuthContext): 'session' | 'introspection' | 'local' {
  const { JWT_VALIDATION: wanted = 'session', FUSIONAUTH_API_KEY: key } = config;
  return wanted === 'session' && !key ? 'local' : wanted;
}

/** Returns the settings of the Todo API's guard: those known here, and the Todo API's defaults for the others. */
export function guardConfig(context: FusionAuthContext, names: readonly StrategyName[]): AuthConfig {
  const { config } = context;
  const known = Object.entries(config).filter(([name, value]) => name in authSettings && value !== undefined);
  const PRINCIPAL_KEY = principalKey(config);
  return {
    ...parseConfig(schema, {}),
    ...(Object.fromEntries(known) as Partial<AuthConfig>),
    ...(PRINCIPAL_KEY && { PRINCIPAL_KEY }),
    AUTH_STRATEGY: [...names],
    JWT_VALIDATION: validationOf(context),
    // The doctor sends a token in a header, no matter where the Todo API reads it from.
    TOKEN_LOCATION: ['header'],
    FUSIONAUTH_DEADLINE_MS: 5_000,
  };
}

/** Returns the settings that a strategy needs and that are missing here, as `NAME: what is wrong`. */
export const missingFor = (context: FusionAuthContext, strategy: StrategyName): readonly string[] =>
  strategies[strategy].problems(guardConfig(context, [strategy]));

/**
 * Opens a new guard of the Todo API, whose caches are empty: with the same settings it judges as the Todo API does. `memory`
 * is that of the Todo API, so that refused log-ins count together and cannot lock an account.
 */
export async function openGuard(
  context: FusionAuthContext,
  names: readonly StrategyName[],
  memory?: AuthMemory,
): Promise<Authenticator> {
  const parts = { log: silent, clock: context.clock, ...(memory && { memory }) };
  const guard = createAuthenticator(guardConfig(context, names), parts);
  await guard.start();
  return guard;
}
