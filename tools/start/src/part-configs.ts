import { join } from 'node:path';
import type { SourceName } from '#gatehouse/credentials';
import { ConfigurationError, type Environment, parseConfig } from '#gatehouse/platform';
import {
  type DevCenterConfig,
  devCenterProblems,
  devCenterSchema,
} from '../../../apps/dev-center/src/config.js';
import { type ReminderConfig, reminderProblems, schemaFor } from '../../../apps/reminder-app/src/config.js';
import { type TodoApiConfig, todoApiProblems, todoApiSchema } from '../../../apps/todo-api/src/config.js';
import { todoApiEntity } from './identities.js';
import { loopback, type Places } from './places.js';
import { chooseSource, reminderCredentials, reminderSecrets } from './reminder-credentials.js';

export interface PartConfigs {
  readonly todoApi: TodoApiConfig;
  readonly reminder: ReminderConfig;
  readonly devCenter: DevCenterConfig;
}

/** What the Todo API may know of the secrets that the sandbox makes up. */
const secretsOfTodoApi = ['FUSIONAUTH_CLIENT_SECRET', 'FUSIONAUTH_API_KEY'];

/** What the Dev Center may know of them. */
const secretsOfDevCenter = [...secretsOfTodoApi, 'FUSIONAUTH_MANAGER_KEY', 'FUSIONAUTH_BOOTSTRAP_KEY'];

/** Sandbox and databases share this process: while one computes, the others seem slow. */
export const patientDeadlineMs = '5000';

/** Stands for the sandbox's secrets while nothing but the settings is to be checked. */
export const notYetKnown = Object.fromEntries(
  [...secretsOfDevCenter, ...reminderSecrets].map((name) => [name, 'not-yet-known']),
);

/**
 * The configuration of every part, from the environment and from where the others are. Throws one ConfigurationError
 * with the problems of all parts.
 */
export function partConfigs(
  environment: Environment,
  places: Places,
  sandboxSecrets: Environment,
): PartConfigs {
  const { source, problems: contradictions } = chooseSource(environment);
  const shared = {
    FUSIONAUTH_DEADLINE_MS: patientDeadlineMs,
    ...environment,
    FUSIONAUTH_URL: `http://${loopback}:${places.sandboxPort}`,
  };
  const forTodoApi = { ...shared, ...forTodoApiOnly(places, sandboxSecrets) };
  const forReminder = { ...shared, ...forReminderOnly(source, places, sandboxSecrets) };
  const problems = [...contradictions];
  const todoApi = collect(problems, () => checked(parseConfig(todoApiSchema, forTodoApi), todoApiProblems));
  const reminder = collect(problems, () =>
    checked(parseConfig(schemaFor(forReminder), forReminder), reminderProblems),
  );
  const principalKey = { PRINCIPAL_KEY: todoApi?.PRINCIPAL_KEY?.reveal() };
  const forDevCenter = { ...shared, ...principalKey, ...forDevCenterOnly(places, sandboxSecrets) };
  const devCenter = collect(problems, () =>
    checked(parseConfig(devCenterSchema, forDevCenter), devCenterProblems),
  );
  if (!todoApi || !reminder || !devCenter || problems.length > 0)
    throw new ConfigurationError([...new Set(problems)]);
  return { todoApi, reminder, devCenter };
}

const forTodoApiOnly = (places: Places, secrets: Environment): Environment => ({
  HOST: places.host,
  PORT: String(places.todoApiPort),
  METRICS_PORT: String(places.metricsPort),
  DATA_DIR: places.dataDir,
  FUSIONAUTH_ENTITY_ID: todoApiEntity,
  ...only(secretsOfTodoApi, secrets),
});

const forDevCenterOnly = (places: Places, secrets: Environment): Environment => ({
  HOST: loopback,
  PORT: String(places.devCenterPort),
  PUBLIC_URL: undefined,
  DATA_DIR: places.dataDir,
  ...only(secretsOfDevCenter, secrets),
});

const only = (names: readonly string[], secrets: Environment): Environment =>
  Object.fromEntries(names.map((name) => [name, secrets[name]]));

const forReminderOnly = (source: SourceName, places: Places, secrets: Environment): Environment => ({
  TODO_API_URL: `http://${reachable(places.host)}:${places.todoApiPort}`,
  SMTP_URL: `smtp://${loopback}:${places.smtpPort}`,
  HOST: loopback,
  PORT: String(places.unsubscribePort),
  // Nothing serves them here; the Todo API's variable is not for the Reminder App.
  METRICS_PORT: '0',
  UNSUBSCRIBE_URL: `http://${loopback}:${places.unsubscribePort}`,
  REFRESH_TOKEN_FILE: join(places.reminderDataDir, 'refresh-token'),
  DATA_DIR: places.reminderDataDir,
  CREDENTIAL_SOURCE: source,
  ...reminderCredentials[source].reminder(secrets),
  // Whatever address the API listens on is this machine's own.
  ALLOW_INSECURE: '1',
});

/** The address at which this machine reaches what listens on `host`. */
const reachable = (host: string): string =>
  ['0.0.0.0', '::', 'localhost'].includes(host) ? loopback : host.includes(':') ? `[${host}]` : host;

function checked<C>(config: C, problemsOf: (config: C) => readonly string[]): C {
  const problems = problemsOf(config);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

function collect<T>(problems: string[], parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
