import { z } from 'zod';
import { authProblems, authSettings, lossesWithoutSharedMemory } from '#gatehouse/auth';
import { headerFamilies, roleRulesSetting } from '#gatehouse/auth/forward';
import {
  commaList,
  commonSettings,
  databaseUrl,
  metricsPortProblem,
  metricsPortSetting,
  network,
  port,
  setting,
} from '#gatehouse/platform';
import { databaseUrlProblems, listenUrlSetting } from '#gatehouse/todo-database';

/** The settings of the forward-auth server. */
export const forwardAuthSchema = z.object({
  PORT: setting(port().default(3_002), {
    about: 'port of the forward-auth server; 0 picks a free one',
    example: '3002',
  }),
  METRICS_PORT: metricsPortSetting(9_002),
  ...authSettings,
  TRUSTED_PROXIES: setting(
    commaList(network()).refine((list) => list.length > 0, 'must name an address or a network'),
    {
      about:
        'the only addresses that may send requests; what they state about the caller’s address and request is trusted',
      example: '10.0.0.0/8,127.0.0.1',
      developmentDefault: '127.0.0.1,::1',
    },
  ),
  FORWARDED_HEADERS: setting(z.enum(headerFamilies).default('x-forwarded'), {
    about:
      'the headers in which the proxy describes its client’s request: x-forwarded: X-Forwarded-Method and -Uri (Caddy, Traefik); x-original: X-Original-Method and -URI; the other family is ignored',
    example: 'x-forwarded',
  }),
  ROLE_RULES: roleRulesSetting,
  DATABASE_URL: setting(databaseUrl().optional(), {
    secret: true,
    about:
      'the PostgreSQL server of the Todo API, for state that the guard shares between processes: roles of API keys, log-in attempts, revocations; unset: strategies that need it are refused',
    example: 'postgresql://user:password@localhost:5432/gatehouse',
  }),
  DATABASE_LISTEN_URL: listenUrlSetting,
  ...commonSettings,
});

export type ForwardAuthConfig = z.output<typeof forwardAuthSchema>;

/** Returns contradictions between settings, as lines for the operator. */
export const forwardAuthProblems = (config: ForwardAuthConfig): readonly string[] => [
  ...authProblems(config),
  ...metricsPortProblem(config, 9_002),
  ...databaseUrlProblems(config),
  ...(config.DATABASE_URL ? [] : withoutDatabase(config)),
];

const withoutDatabase = (config: ForwardAuthConfig): string[] =>
  lossesWithoutSharedMemory(config)
    .filter(({ usable }) => !usable)
    .map(({ name, loses }) => `DATABASE_URL: is required for AUTH_STRATEGY ${name}: ${loses}`);

/** Returns the limitations of the guard without a database, a sentence each. */
export function guardNotes(config: ForwardAuthConfig): readonly string[] {
  if (config.DATABASE_URL) return [];
  const losses = lossesWithoutSharedMemory(config).map(({ loses }) => loses);
  if (config.REVOCATION === 'push') {
    losses.push(
      'revocations are known only to the process that receives the webhook, and are lost when it ends',
    );
  }
  return losses.map((loses) => `DATABASE_URL is not set: ${loses}.`);
}
