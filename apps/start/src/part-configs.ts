import { join } from 'node:path';
import { ConfigurationError, parseConfig, type Environment } from '#gatehouse/platform';
import { reminderProblems, schemaFor, type ReminderConfig } from '../../reminder-app/src/config.js';
import { todoApiProblems, todoApiSchema, type TodoApiConfig } from '../../todo-api/src/config.js';

export interface PartConfigs {
  readonly todoApi: TodoApiConfig;
  readonly reminder: ReminderConfig;
}

/** Where the parts find each other; the ports are known before any of them starts. */
export interface Places {
  /** The address that the Todo API listens on; the other parts listen on the loopback address only. */
  readonly host: string;
  readonly todoApiPort: number;
  readonly metricsPort: number;
  readonly sandboxPort: number;
  readonly smtpPort: number;
  readonly dataDir: string;
  /** A directory of its own gives the Reminder App a fresh ledger. */
  readonly reminderDataDir: string;
}

export const loopback = '127.0.0.1';

/**
 * The configuration of every part, from the environment and from where the others are. Throws one ConfigurationError
 * with the problems of all parts.
 */
export function partConfigs(environment: Environment, places: Places): PartConfigs {
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
