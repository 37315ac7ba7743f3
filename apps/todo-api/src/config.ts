import { z } from 'zod';
import { authProblems, authSettings } from '#gatehouse/auth';
import {
  commonSettings,
  databaseUrl,
  flag,
  httpUrl,
  line,
  metricsPortProblem,
  metricsPortSetting,
  port,
  setting,
} from '#gatehouse/platform';
import { databaseUrlProblems, listenUrlSetting } from '#gatehouse/todo-database';

/** The settings of the Todo API. */
export const todoApiSchema = z.object({
  PORT: setting(port().default(3_000), { about: 'port of the API; 0 picks a free one', example: '3000' }),
  METRICS_PORT: metricsPortSetting(9_000),
  PUBLIC_URL: setting(httpUrl().optional(), {
    about: 'the URL that clients use, for example behind a proxy; unset: the address where the API listens',
    example: 'https://todos.example.com',
  }),
  FUSIONAUTH_PUBLIC_URL: setting(httpUrl().optional(), {
    about:
      'the URL of FusionAuth that clients use, for the metadata; unset: the issuer of the tenant if that is a URL, else FUSIONAUTH_URL',
    example: 'https://auth.example.com',
  }),
  DATABASE_URL: setting(databaseUrl().optional(), {
    secret: true,
    about: 'PostgreSQL server; unset: PostgreSQL embedded in this process, in DATA_DIR',
    example: 'postgresql://user:password@localhost:5432/gatehouse',
  }),
  DATABASE_LISTEN_URL: listenUrlSetting,
  DATA_DIR: setting(line().default('.data'), {
    about: 'directory of the embedded database, for one process at a time',
    example: '.data',
  }),
  DOCS: setting(flag().default(false), {
    about: 'serve /openapi.json and the Swagger UI at /docs',
    example: '1',
    developmentDefault: '1',
  }),
  ...authSettings,
  ...commonSettings,
});

export type TodoApiConfig = z.output<typeof todoApiSchema>;

/** Returns contradictions between settings, as lines for the operator. */
export const todoApiProblems = (config: TodoApiConfig): readonly string[] => [
  ...authProblems(config),
  ...metricsPortProblem(config, 9_000),
  ...databaseUrlProblems(config),
];
