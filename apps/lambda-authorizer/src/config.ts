import { z } from 'zod';
import { authProblems, authSettings, lossesWithoutSharedMemory } from '#gatehouse/auth';
import { nameHosts, roleRulesSetting } from '#gatehouse/auth/forward';
import {
  commonSettings,
  ConfigurationError,
  type Environment,
  parseConfig,
  setting,
} from '#gatehouse/platform';

const { LOG_LEVEL, NODE_ENV, ALLOW_INSECURE } = commonSettings;

/** The settings of the Lambda authorizer. */
export const lambdaAuthorizerSchema = z.object({
  AUTHORIZER_ANSWERS: setting(z.enum(['simple', 'policy']).default('simple'), {
    about:
      'the answers to an HTTP API, which must match its EnableSimpleResponses; a REST API always gets a policy',
    example: 'simple',
  }),
  AUTHORIZER_CACHE: setting(z.enum(['on', 'off']).default('on'), {
    about:
      'off: API Gateway does not cache verdicts (AuthorizerResultTtlInSeconds is 0), so each request may be judged separately',
    example: 'off',
  }),
  ROLE_RULES: roleRulesSetting,
  ...authSettings,
  LOG_LEVEL,
  NODE_ENV,
  ALLOW_INSECURE,
});

export type LambdaAuthorizerConfig = z.output<typeof lambdaAuthorizerSchema>;

/**
 * Reads the configuration. Throws {@link ConfigurationError} with every problem. NODE_ENV is production by default,
 * so that no default points to a sandbox on this machine.
 */
export function readConfig(environment: Environment): LambdaAuthorizerConfig {
  const config = parseConfig(lambdaAuthorizerSchema, { NODE_ENV: 'production', ...environment });
  const problems = lambdaAuthorizerProblems(config);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

/** Returns contradictions between settings, as lines for the operator. */
export const lambdaAuthorizerProblems = (config: LambdaAuthorizerConfig): readonly string[] => [
  ...authProblems(config),
  ...lossesWithoutSharedMemory(config)
    .filter(({ usable }) => !usable)
    .map(({ name, loses }) => `AUTH_STRATEGY: ${name} cannot be used in a function: ${loses}`),
  ...(nameHosts(config.ROLE_RULES ?? [])
    ? ['ROLE_RULES: API Gateway sends a stage and a path, but no host: remove the hosts']
    : []),
  ...frozenProblems(config),
  ...cacheProblems(config),
];

/** Returns settings that need a process that runs between requests, or one that sees all requests. */
const frozenProblems = (config: LambdaAuthorizerConfig): string[] => [
  ...(config.AUTH_STRATEGY.includes('jwt') && config.FUSIONAUTH_ISSUER === undefined
    ? ['FUSIONAUTH_ISSUER: is required here, so that no request waits for discovery']
    : []),
  ...(config.REVOCATION === 'push'
    ? [
        'REVOCATION: push cannot reach a function that is frozen between requests: unset it, and set JWT_VALIDATION=session or introspection if tokens must be revoked early',
      ]
    : []),
  ...(config.REQUESTS_PER_MINUTE === undefined
    ? []
    : ['REQUESTS_PER_MINUTE: no instance of a function sees all requests: limit them in API Gateway']),
  ...(config.JWT_ENGINE === 'passport-jwt'
    ? ['JWT_ENGINE: passport-jwt is not in the bundle: unset it']
    : []),
];

/** Returns settings that make a verdict depend on more than the credential, which is the key of API Gateway's cache. */
const cacheProblems = (config: LambdaAuthorizerConfig): string[] => {
  if (config.AUTHORIZER_CACHE === 'off') return [];
  return [
    ...(config.ROLE_RULES && config.AUTHORIZER_ANSWERS === 'simple'
      ? [
          'ROLE_RULES: a cached simple answer applies to every route: set AUTHORIZER_ANSWERS=policy, or switch the cache off and set AUTHORIZER_CACHE=off',
        ]
      : []),
    ...(config.TOKEN_LOCATION.includes('cookie')
      ? [
          'TOKEN_LOCATION: a cached acceptance of a cookie would apply to requests from other sites: switch the cache off and set AUTHORIZER_CACHE=off',
        ]
      : []),
  ];
};
