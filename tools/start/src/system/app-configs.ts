import { join } from 'node:path';
import type { z } from 'zod';
import { settingsOf, type SourceName } from '#gatehouse/credentials';
import {
  aboutSetting,
  ConfigurationError,
  type Environment,
  localUrl,
  parseConfig,
} from '#gatehouse/platform';
import {
  type DevCenterConfig,
  devCenterProblems,
  devCenterSchema,
} from '../../../../apps/dev-center/src/config.js';
import {
  type ReminderConfig,
  reminderProblems,
  schemaFor,
} from '../../../../apps/reminder-app/src/config.js';
import { type TodoApiConfig, todoApiProblems, todoApiSchema } from '../../../../apps/todo-api/src/config.js';
import type { StartConfig } from '../config.js';
import { chooseSource } from '../credentials/source.js';
import { defaultsHere } from '../environment.js';
import { todoApiEntity } from '../identities.js';

/** The address of every app except the Todo API, which listens on HOST. */
const loopback = '127.0.0.1';

export interface AppConfigs {
  readonly todoApi: TodoApiConfig;
  readonly devCenter: DevCenterConfig;
  /** The credential source of the Reminder App. */
  readonly source: SourceName;
  /** Returns the Reminder App's configuration, given the settings of its credential. */
  readonly reminder: (credential: Environment) => ReminderConfig;
}

/** The secrets that the sandbox generates, by the apps that may have them. */
const secretsOfTodoApi = ['FUSIONAUTH_CLIENT_SECRET', 'FUSIONAUTH_API_KEY'];
const secretsOfDevCenter = [...secretsOfTodoApi, 'FUSIONAUTH_MANAGER_KEY', 'FUSIONAUTH_BOOTSTRAP_KEY'];

const needsHeader =
  'TOKEN_LOCATION: must include header, as in header,cookie: the Reminder App and npm start itself send no cookies';

/** Replaces secrets while only the settings are checked. */
const placeholder = 'not-yet-known';
const noSecretsYet = Object.fromEntries(secretsOfDevCenter.map((name) => [name, placeholder]));

/**
 * Returns the configuration of every app, from the environment and the addresses of the others. Throws one
 * ConfigurationError with the problems of all apps; without the sandbox's secrets it only checks.
 */
export function appConfigs(
  environment: Environment,
  config: StartConfig,
  secrets: Environment = noSecretsYet,
): AppConfigs {
  const { source, problems } = chooseSource(environment);
  const shared = {
    ...defaultsHere,
    ...environment,
    ALLOWED_ORIGINS: withTodoPage(environment['ALLOWED_ORIGINS'], config),
    FUSIONAUTH_URL: `http://${loopback}:${config.SANDBOX_PORT}`,
    FUSIONAUTH_ENTITY_ID: todoApiEntity,
    DATA_DIR: config.DATA_DIR,
  };
  const reminder = (credential: Environment) => {
    const variables = { ...shared, ...ofReminder(source, config), ...credential };
    return parse(schemaFor(variables), variables, reminderProblems);
  };
  const todoApi = collect(problems, () =>
    parse(todoApiSchema, { ...shared, ...ofTodoApi(config, secrets) }, todoApiProblems),
  );
  collect(problems, () => reminder(exampleOf(source)));
  const sendsTokens = source === 'jwt' || source === 'client-credentials';
  if (todoApi && sendsTokens && !todoApi.TOKEN_LOCATION.includes('header')) problems.push(needsHeader);
  const ofBoth = { ...shared, PRINCIPAL_KEY: todoApi?.PRINCIPAL_KEY?.reveal() };
  const devCenter = collect(problems, () =>
    parse(devCenterSchema, { ...ofBoth, ...ofDevCenter(config, secrets) }, devCenterProblems),
  );
  if (!todoApi || !devCenter || problems.length > 0) throw new ConfigurationError([...new Set(problems)]);
  return { todoApi, devCenter, source, reminder };
}

/** The todo page of the Dev Center calls the Todo API from its own origin. */
const withTodoPage = (origins: string | undefined, config: StartConfig): string =>
  [...(origins ? [origins] : []), localUrl(loopback, config.DEV_CENTER_PORT)].join(',');

const ofTodoApi = (config: StartConfig, secrets: Environment): Environment => ({
  HOST: config.HOST,
  PORT: String(config.TODO_API_PORT),
  METRICS_PORT: String(config.TODO_API_METRICS_PORT),
  // Known once the sandbox runs.
  WEBHOOK_KEY_ID: placeholder,
  ...only(secretsOfTodoApi, secrets),
});

const ofDevCenter = (config: StartConfig, secrets: Environment): Environment => ({
  HOST: loopback,
  PORT: String(config.DEV_CENTER_PORT),
  PUBLIC_URL: localUrl(loopback, config.DEV_CENTER_PORT),
  TODO_API_URL: localUrl(config.HOST, config.TODO_API_PORT),
  TODO_API_METRICS_URL: localUrl(config.HOST, config.TODO_API_METRICS_PORT),
  // Every address that the API listens on belongs to this machine.
  ALLOW_INSECURE: '1',
  ...only(secretsOfDevCenter, secrets),
});

const only = (names: readonly string[], secrets: Environment): Environment =>
  Object.fromEntries(names.map((name) => [name, secrets[name]]));

const ofReminder = (source: SourceName, config: StartConfig): Environment => ({
  TODO_API_URL: localUrl(config.HOST, config.TODO_API_PORT),
  SMTP_URL: `smtp://${loopback}:${config.SMTP_PORT}`,
  HOST: loopback,
  PORT: String(config.UNSUBSCRIBE_PORT),
  // Nothing serves them here; the Todo API's variable is not for the Reminder App.
  METRICS_PORT: '0',
  TODO_PAGE_URL: `${localUrl(loopback, config.DEV_CENTER_PORT)}/todos`,
  UNSUBSCRIBE_URL: `http://${loopback}:${config.UNSUBSCRIBE_PORT}`,
  REMINDER_SCHEDULE: config.REMINDER_SCHEDULE,
  CREDENTIAL_SOURCE: source,
  REFRESH_TOKEN_FILE: join(config.DATA_DIR, 'refresh-token'),
  // Every address that the API listens on belongs to this machine.
  ALLOW_INSECURE: '1',
});

/** Returns example settings of a credential from this source. */
const exampleOf = (source: SourceName): Environment =>
  Object.fromEntries(
    Object.entries(settingsOf(source)).map(([name, schema]) => {
      const about = aboutSetting(schema);
      return [name, about?.secret ? placeholder : about?.example];
    }),
  );

function parse<S extends z.ZodObject>(
  schema: S,
  variables: Environment,
  problemsOf: (config: z.output<S>) => readonly string[],
): z.output<S> {
  const config = parseConfig(schema, variables);
  const problems = problemsOf(config);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

/** Returns the result of `read`; the problems of a ConfigurationError are added to `problems` instead. */
function collect<T>(problems: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
