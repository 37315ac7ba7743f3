import { z } from 'zod';
import type { Endpoint } from '#gatehouse/fusionauth';
import {
  commaList,
  commonSettings,
  ConfigurationError,
  type Environment,
  httpUrl,
  insecureUrlProblem,
  integer,
  network,
  optionalSecret,
  parseConfig,
  processEnvironment,
  setting,
  uuid,
  word,
} from '#gatehouse/platform';
import { catalogue, strategyNames } from './strategies/index.js';

type Catalogue = typeof catalogue;
type Merged<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The settings of every strategy in one object, so that a new strategy needs no line here. */
export const strategySettings = Object.assign(
  {},
  ...Object.values(catalogue).map(({ settings }) => settings),
) as Merged<Catalogue[keyof Catalogue]['settings']>;

/**
 * The settings of a resource server's guard: those that all strategies share, and those of each strategy in the
 * catalogue.
 */
export const authSettings = {
  AUTH_STRATEGY: setting(
    commaList(z.enum(strategyNames))
      .refine((list) => list.length > 0, 'must name a strategy')
      .default(['jwt']),
    {
      about: 'how clients authenticate: one strategy, or several while you migrate',
      example: 'jwt',
    },
  ),
  FUSIONAUTH_URL: setting(httpUrl(), {
    about: 'base URL of FusionAuth',
    example: 'https://auth.example.com',
    developmentDefault: 'http://127.0.0.1:9011',
  }),
  FUSIONAUTH_APPLICATION_ID: setting(uuid(), {
    about: 'the FusionAuth application that clients are registered for; the audience of their tokens',
    example: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
    developmentDefault: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
  }),
  FUSIONAUTH_TENANT_ID: setting(uuid(), {
    about: 'the FusionAuth tenant that owns the application',
    example: '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01',
    developmentDefault: '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01',
  }),
  FUSIONAUTH_DEADLINE_MS: setting(integer(50, 10_000).default(800), {
    about: 'longest wait for a response from FusionAuth, in milliseconds',
    example: '800',
  }),
  CREDENTIAL_CACHE_SECONDS: setting(integer(0, 3_600).default(5), {
    about:
      'how long a credential that FusionAuth confirmed is cached, in seconds: the longest delay of a revocation while FusionAuth answers',
    example: '5',
  }),
  CREDENTIAL_GRACE_SECONDS: setting(integer(0, 86_400).default(60), {
    about:
      'grace period for credentials accepted before, while FusionAuth does not answer, in seconds; never extends past expiry or a refusal; 0 disables it',
    example: '60',
  }),
  REFUSED_ATTEMPTS_PER_MINUTE: setting(integer(1, 1_000_000).default(30), {
    about: 'refused credentials allowed per client address (IPv6: /64) and minute before it gets 429',
    example: '30',
  }),
  REQUESTS_PER_MINUTE: setting(integer(1, 1_000_000).optional(), {
    about: 'accepted requests per client and minute, at each replica; unset: not limited',
    example: '600',
  }),
  TRUSTED_PROXIES: setting(commaList(network()).default([]), {
    about: 'proxies whose X-Forwarded-For is trusted for the caller’s address; unset: the header is ignored',
    example: '10.0.0.0/8,127.0.0.1',
  }),
  FUSIONAUTH_MANAGER_KEY: setting(
    z.undefined({ error: 'belongs to the Dev Center and to provisioning: unset it here' }).optional(),
    {
      about: 'must not be set for a resource server',
      example: '',
      secret: true,
      forbidden: true,
    },
  ),
  FUSIONAUTH_API_KEY: optionalSecret({
    about:
      'the API’s own API key with minimal permissions, for AUTH_STRATEGY email-token and JWT_VALIDATION session; with REVOCATION push it finds revocations whose events were missed',
    example: 'an API key that permits only that',
  }),
  REVOCATION: setting(z.enum(['off', 'push']).default('off'), {
    about:
      'push: access tokens are revoked immediately when a FusionAuth webhook reports the end of their session, user or registration; off: they are valid until they expire',
    example: 'push',
  }),
  REVOCATION_FAIL: setting(z.enum(['open', 'closed']).default('open'), {
    about:
      'while revocations may be missing: open accepts access tokens by the revocations known, closed answers 503',
    example: 'open',
  }),
  WEBHOOK_KEY_ID: setting(word().optional(), {
    about:
      'kid of the key that signs FusionAuth’s webhooks, for REVOCATION push; npm run provision prints it; no token may be signed with it',
    example: 'the kid that npm run provision prints',
  }),
  ...strategySettings,
};

/** Returns contradictions and missing settings, as `NAME: what is wrong`; each setting must be valid by itself. */
export function authProblems(config: AuthConfig & { readonly ALLOW_INSECURE: boolean }): string[] {
  return [
    ...insecureUrlProblem('FUSIONAUTH_URL', config.FUSIONAUTH_URL, config.ALLOW_INSECURE),
    ...config.AUTH_STRATEGY.flatMap((name) => catalogue[name].problems(config)),
    ...(config.REVOCATION === 'push' ? pushProblems(config) : []),
  ];
}

const pushProblems = (config: AuthConfig): string[] => [
  ...(config.AUTH_STRATEGY.includes('jwt')
    ? []
    : ['REVOCATION: push needs jwt in AUTH_STRATEGY: FusionAuth sends events about access tokens only']),
  ...(config.WEBHOOK_KEY_ID === undefined
    ? ['WEBHOOK_KEY_ID: is required for REVOCATION push ("npm run provision" prints it)']
    : []),
];

export type AuthConfig = z.output<z.ZodObject<typeof authSettings>>;

const { NODE_ENV, ALLOW_INSECURE } = commonSettings;
const schema = z.object({ ...authSettings, NODE_ENV, ALLOW_INSECURE });

/**
 * Reads the guard's settings from environment variables, for applications that have no configuration layer.
 * Throws {@link ConfigurationError} with every problem as `NAME: what is wrong`, never with a value.
 */
export function readAuthConfig(environment: Environment = processEnvironment()): AuthConfig {
  try {
    const config = parseConfig(schema, environment);
    const problems = authProblems(config);
    if (problems.length > 0) throw new ConfigurationError(problems);
    return config;
  } catch (error) {
    if (error instanceof ConfigurationError) throw new ConfigurationError(error.problems, advice);
    throw error;
  }
}

const advice = 'The README of gatehouse-auth lists the settings, under "Configuration".';

/** Returns the permissions that FUSIONAUTH_API_KEY needs for the chosen strategies. It should have no others. */
export const ownKeyPermissions = (config: AuthConfig): readonly Endpoint[] => [
  ...new Set(config.AUTH_STRATEGY.flatMap((name) => catalogue[name].ownKeyPermissions(config))),
];

/** Returns what the enabled strategies cannot do if their memory is per process, and whether they are still usable. */
export const lossesWithoutSharedMemory = (config: AuthConfig) =>
  config.AUTH_STRATEGY.flatMap((name) => {
    const loss = catalogue[name].withoutSharedMemory?.(config);
    return loss ? [{ name, ...loss }] : [];
  });

/** Describes the permissions of the key for the operator; empty if the key is neither needed nor set. */
export function permissionNotes(config: AuthConfig): string[] {
  const needed = ownKeyPermissions(config);
  if (needed.length === 0 && !config.FUSIONAUTH_API_KEY) return [];
  const optional = [
    ...(config.AUTH_STRATEGY.includes('api-key')
      ? ['It may permit GET /api/group: then the probe group is checked at start.']
      : []),
    ...(config.REVOCATION === 'push' ? pushNotes(needed) : []),
  ];
  if (needed.length > 0)
    return [`FUSIONAUTH_API_KEY must permit ${needed.join(', ')}, and nothing else.`, ...optional];
  return config.REVOCATION === 'push'
    ? optional
    : ['FUSIONAUTH_API_KEY is not used by these strategies.', ...optional];
}

const pushNotes = (needed: readonly Endpoint[]): string[] => [
  'FUSIONAUTH_API_KEY may permit GET /api/system/webhook-event-log/search: then missed events are found in FusionAuth’s log. That log contains users and, if jwt.refresh is sent, their tokens.',
  ...(needed.includes('GET /api/jwt/refresh')
    ? []
    : [
        'FUSIONAUTH_API_KEY may permit GET /api/jwt/refresh: then sessions that end without an event are found by look-up.',
      ]),
];
