import { createAuthenticator, lossesWithoutSharedMemory } from '#gatehouse/auth';
import { type LambdaAuthorizer, lambdaAuthorizer } from '#gatehouse/auth/lambda';
import { createLogger, type Environment } from '#gatehouse/platform';
import { readConfig } from './config.js';

/**
 * Creates the handler that the environment configures. Throws {@link ConfigurationError} with every problem. The
 * fetch of the key set begins immediately, in the time that Lambda gives to the start of a function.
 */
export function createHandler(environment: Environment): LambdaAuthorizer {
  const config = readConfig(environment);
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
