import { createAuthenticator, lossesWithoutSharedMemory } from '#gatehouse/auth';
import { type LambdaAuthorizer, lambdaAuthorizer } from '#gatehouse/auth/lambda';
import { createLogger, type Environment } from '#gatehouse/platform';
import { type LambdaAuthorizerConfig, readConfig } from './config.js';
import { openEarly } from './lean/undici.js';

/**
 * Creates the handler that the environment configures. Throws {@link ConfigurationError} with every problem. The
 * connection to FusionAuth is opened first and the guard is created in the next turn of the event loop, while the
 * network answers: Node connects only at the end of the current turn.
 */
export function createHandler(environment: Environment): LambdaAuthorizer {
  const config = readConfig(environment);
  openEarly(new URL(config.FUSIONAUTH_URL).origin);
  const authorizer = new Promise(setImmediate).then(() => authorizerFor(config));
  return async (event) => (await authorizer)(event);
}

/** Creates the guard. The fetch of the key set begins immediately, in the time that Lambda gives to a start. */
function authorizerFor(config: LambdaAuthorizerConfig): LambdaAuthorizer {
  const log = createLogger('lambda-authorizer', config.LOG_LEVEL);
  for (const { loses } of lossesWithoutSharedMemory(config)) log.warn(`There is no database here: ${loses}.`);
  const authenticator = createAuthenticator(config, { log });
  void authenticator.catchUp();
  return lambdaAuthorizer(authenticator, {
    answers: config.AUTHORIZER_ANSWERS,
    cached: config.AUTHORIZER_CACHE === 'on',
    rules: config.ROLE_RULES,
  });
}
