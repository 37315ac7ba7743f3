import { join } from 'node:path';
import { ConfigurationError, parseConfig, type Environment } from '#gatehouse/platform';
import { loopback, type Places } from './places.js';
import { reminderProblems, schemaFor, type ReminderConfig } from '../../reminder-app/src/config.js';
import { todoApiProblems, todoApiSchema, type TodoApiConfig } from '../../todo-api/src/config.js';

export interface PartConfigs {
  readonly todoApi: TodoApiConfig;
  readonly reminder: ReminderConfig;
}

/** What the Todo API may know of the secrets that the sandbox makes up. */
const secretsOfTodoApi = ['FUSIONAUTH_CLIENT_SECRET', 'FUSIONAUTH_API_KEY'];

/** Stands for the sandbox's secrets while nothing but the settings is to be checked. */
export const notYetKnown = Object.fromEntries(secretsOfTodoApi.map((name) => [name, 'not-yet-known']));

/**
 * The configuration of every part, from the environment and from where the others are. Throws one ConfigurationError
 * with the problems of all parts.
 */
export function partConfigs(
  environment: Environment,
  places: Places,
  sandboxSecrets: Environment,
): PartConfigs {
  const shared = {
    ...environment,
    FUSIONAUTH_URL: `http://${loopback}:${places.sandboxPort}`,
  };
  const forTodoApi = {
    ...shared,
    HOST: places.host,
    PORT: String(places.todoApiPort),
    METRICS_PORT: String(places.metricsPort),
    DATA_DIR: places.dataDir,
    ...Object.fromEntries(secretsOfTodoApi.map((name) => [name, sandboxSecrets[name]])),
  };
  const forReminder = {
    ...shared,
    TODO_API_URL: `http://${reachable(places.host)}:${places.todoApiPort}`,
    SMTP_URL: `smtp://${loopback}:${places.smtpPort}`,
    REFRESH_TOKEN_FILE: join(places.reminderDataDir, 'refresh-token'),
    DATA_DIR: places.reminderDataDir,
    // Whatever address the API listens on is this machine's own.
    ALLOW_INSECURE: '1',
  };
  const problems: string[] = [];
  const todoApi = collect(problems, () => checked(parseConfig(todoApiSchema, forTodoApi), todoApiProblems));
  const reminder = collect(problems, () =>
    checked(parseConfig(schemaFor(forReminder), forReminder), reminderProblems),
  );
  if (!todoApi || !reminder) throw new ConfigurationError([...new Set(problems)]);
  return { todoApi, reminder };
}

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
