import { z } from 'zod';
import { authSettings, strategySettings } from '#gatehouse/auth';
import {
  aboutSetting,
  commonSettings,
  databaseUrl,
  httpUrl,
  insecureUrlProblem,
  keyText,
  line,
  metricsPortProblem,
  metricsPortSetting,
  optionalSecret,
  port,
  Secret,
  setting,
  uuid,
} from '#gatehouse/platform';

const ofTheTodoApi = aboutSetting(authSettings.PRINCIPAL_KEY);

/** The Todo API's settings, so that the doctor checks credentials as it does. */
const asTheTodoApi = withoutDefaults({
  AUTH_STRATEGY: authSettings.AUTH_STRATEGY,
  WEBHOOK_KEY_ID: authSettings.WEBHOOK_KEY_ID,
  ...strategySettings,
});

type WithoutDefaults<S extends Record<string, z.ZodType>> = {
  [Name in keyof S]: z.ZodOptional<S[Name] extends z.ZodDefault<infer Inner> ? Inner : S[Name]>;
};

/** Makes every setting optional: one that is not set here is unknown, not the Todo API's default. */
function withoutDefaults<S extends Record<string, z.ZodType>>(settings: S): WithoutDefaults<S> {
  const entries = Object.entries<z.ZodType>(settings).map(([name, schema]) => {
    const { about = '', example = '', secret } = aboutSetting(schema) ?? {};
    const inner = schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType) : schema;
    const text = { about: `doctor, as the Todo API has it: ${about}`, example, ...(secret && { secret }) };
    return [name, setting(inner.optional(), text)];
  });
  return Object.fromEntries(entries) as WithoutDefaults<S>;
}

/** The Dev Center's own settings. */
const own = {
  PORT: setting(port().default(3_001), {
    about: 'port of the Dev Center; 0 picks a free one',
    example: '3001',
  }),
  METRICS_PORT: metricsPortSetting(9_001),
  PUBLIC_URL: setting(httpUrl(), {
    about: 'the URL of the Dev Center for browsers; log-ins return to /callback below it',
    example: 'https://dev.example.com',
    developmentDefault: 'http://127.0.0.1:3001',
  }),
  SESSION_KEY: setting(keyText().optional(), {
    secret: true,
    about:
      'key that encrypts the portal’s session cookies, the same for all replicas; unset: a new one at each start, which logs everybody out',
    example: '32 random bytes in base64',
  }),
  TODO_API_URL: setting(httpUrl().optional(), {
    about: 'the URL of the Todo API, which the portal shows and where it tries credentials; unset: neither',
    example: 'https://todos.example.com',
    developmentDefault: 'http://127.0.0.1:3000',
  }),
  TODO_API_PUBLIC_URL: setting(httpUrl().optional(), {
    about: 'the URL of the Todo API for browsers, where it differs from TODO_API_URL',
    example: 'https://todos.example.com',
  }),
  TODO_API_METRICS_URL: setting(httpUrl().optional(), {
    about: 'base URL of GET /metrics of the Todo API, for the portal’s charts of requests and refusals',
    example: 'http://127.0.0.1:9000',
    developmentDefault: 'http://127.0.0.1:9000',
  }),
  FUSIONAUTH_MANAGER_KEY: optionalSecret({
    about: 'the API key that creates API keys, users and entities; a key manager bound to the tenant',
    example: 'a key manager of FusionAuth',
  }),
  FUSIONAUTH_BOOTSTRAP_KEY: optionalSecret({
    about: 'provision only: a key of the whole instance, for what a key of one tenant may not change',
    example: 'a key without restrictions, for the first provisioning',
  }),
  FUSIONAUTH_BOOTSTRAP_KEY_ID: setting(uuid().optional(), {
    about:
      'provision only: id of that key, as Settings, API Keys shows it; if set, the key is removed when nothing is left to do',
    example: '3d1f2c6a-5b7e-4a80-9c1d-8e6f5a4b3c2d',
  }),
  WEBHOOK_URL: setting(httpUrl().optional(), {
    about:
      'provision: URL with which FusionAuth reaches POST /webhooks/fusionauth of the Todo API, for REVOCATION=push; unset: no webhook',
    example: 'https://todos.example.com/webhooks/fusionauth',
  }),
  FUSIONAUTH_ENTITY_ID: setting(uuid(), {
    about: 'the entity that represents the Todo API in client credentials',
    example: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
    developmentDefault: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
  }),
  FUSIONAUTH_URL: authSettings.FUSIONAUTH_URL,
  FUSIONAUTH_PUBLIC_URL: setting(httpUrl().optional(), {
    about: 'the URL of FusionAuth for browsers, if it differs from FUSIONAUTH_URL',
    example: 'https://auth.example.com',
  }),
  FUSIONAUTH_TENANT_ID: authSettings.FUSIONAUTH_TENANT_ID,
  FUSIONAUTH_APPLICATION_ID: authSettings.FUSIONAUTH_APPLICATION_ID,
  FUSIONAUTH_PROBE_GROUP_ID: authSettings.FUSIONAUTH_PROBE_GROUP_ID,
  FUSIONAUTH_ISSUER: authSettings.FUSIONAUTH_ISSUER,
  FUSIONAUTH_CLIENT_SECRET: authSettings.FUSIONAUTH_CLIENT_SECRET,
  FUSIONAUTH_API_KEY: authSettings.FUSIONAUTH_API_KEY,
  PRINCIPAL_KEY: setting(keyText().optional(), {
    secret: true,
    about:
      'the same value as the Todo API’s, which otherwise does not recognise API keys issued here; required with DATABASE_URL',
    example: ofTheTodoApi?.example ?? '',
  }),
};

/** The settings of the Dev Center, and of its commands. */
export const devCenterSchema = z.object({
  ...own,
  ...asTheTodoApi,
  // These replace settings of the same name.
  ...own,
  DATABASE_URL: setting(databaseUrl().optional(), {
    secret: true,
    about: 'PostgreSQL server of the Todo API; unset: PostgreSQL embedded in DATA_DIR',
    example: 'postgresql://user:password@localhost:5432/gatehouse',
  }),
  DATA_DIR: setting(line().default('.data'), {
    about: 'directory of the embedded database, and of the address of the running process that uses it',
    example: '.data',
  }),
  ...commonSettings,
});

export type DevCenterConfig = z.output<typeof devCenterSchema>;

/** The same for commands, whose standard output is their result: they log nothing by default. */
export const commandSchema = devCenterSchema.extend({
  LOG_LEVEL: setting(commonSettings.LOG_LEVEL.unwrap().default('fatal'), {
    about: 'lowest level that is logged',
    example: 'warn',
  }),
});

/**
 * The addresses to which secrets are sent: log-ins and their cookies, credentials that are shown or tried, and events,
 * which may contain an authentication token.
 */
const secretsPass = [
  'FUSIONAUTH_URL',
  'FUSIONAUTH_PUBLIC_URL',
  'PUBLIC_URL',
  'TODO_API_URL',
  'TODO_API_PUBLIC_URL',
  'WEBHOOK_URL',
] as const;

/** Returns the contradictions between settings, one line each. */
export const devCenterProblems = (config: DevCenterConfig): string[] => [
  ...secretsPass.flatMap((name) => {
    const url = config[name];
    return url === undefined ? [] : insecureUrlProblem(name, url, config.ALLOW_INSECURE);
  }),
  ...metricsPortProblem(config, 9_001),
];

/** Says that FUSIONAUTH_MANAGER_KEY is not set, and where to get it. */
export function missingManagerKey({ DATA_DIR, NODE_ENV }: DevCenterConfig): string {
  const made =
    'create a key manager of the tenant in FusionAuth (Settings, API Keys); "npm run provision" says what it lacks';
  const where =
    NODE_ENV === 'production'
      ? made
      : `with the sandbox, copy its line from ${DATA_DIR}/sandbox/secrets.env into .env.dev-center; else ${made}`;
  return `FUSIONAUTH_MANAGER_KEY: is required; ${where}`;
}

/**
 * Returns the Todo API's PRINCIPAL_KEY; undefined if it is not known. The development default counts only with an
 * embedded database, which no other machine shares.
 */
export function principalKey({ PRINCIPAL_KEY, DATABASE_URL, NODE_ENV }: DevCenterConfig): Secret | undefined {
  if (PRINCIPAL_KEY || DATABASE_URL || NODE_ENV === 'production') return PRINCIPAL_KEY;
  return new Secret(ofTheTodoApi?.developmentDefault ?? '');
}

/** Returns the URL of FusionAuth for browsers and for programs elsewhere. */
export const publicFusionAuthUrl = ({
  FUSIONAUTH_PUBLIC_URL,
  FUSIONAUTH_URL,
}: Pick<DevCenterConfig, 'FUSIONAUTH_PUBLIC_URL' | 'FUSIONAUTH_URL'>): string =>
  FUSIONAUTH_PUBLIC_URL ?? FUSIONAUTH_URL;

/** Returns the URL of the Todo API for browsers and for programs elsewhere; undefined if it is not known. */
export const publicTodoApiUrl = ({
  TODO_API_PUBLIC_URL,
  TODO_API_URL,
}: Pick<DevCenterConfig, 'TODO_API_PUBLIC_URL' | 'TODO_API_URL'>): string | undefined =>
  TODO_API_PUBLIC_URL ?? TODO_API_URL;

/** Returns the URL to which log-ins return; registered in FusionAuth. */
export const redirectUri = ({ PUBLIC_URL }: Pick<DevCenterConfig, 'PUBLIC_URL'>): string =>
  `${PUBLIC_URL}/callback`;

/** Returns the URL of the todo page, to which log-ins and log-outs by FusionAuth's Hosted Backend return. */
export const todoPageUrl = ({ PUBLIC_URL }: Pick<DevCenterConfig, 'PUBLIC_URL'>): string =>
  `${PUBLIC_URL}/todos`;

/** Tells whether the portal has the todo page, which needs a Todo API that reads cookies. */
export const hasTodoPage = ({ TOKEN_LOCATION: places }: Pick<DevCenterConfig, 'TOKEN_LOCATION'>): boolean =>
  places?.includes('cookie') ?? false;

/** Returns the addresses of the Dev Center in its FusionAuth application, by FusionAuth's names. */
export const addressesInFusionAuth = (config: Pick<DevCenterConfig, 'PUBLIC_URL' | 'TOKEN_LOCATION'>) => ({
  authorizedRedirectURLs: [redirectUri(config), ...(hasTodoPage(config) ? [todoPageUrl(config)] : [])],
  deviceVerificationURL: `${config.PUBLIC_URL}/device`,
  logoutURL: `${config.PUBLIC_URL}/`,
});
