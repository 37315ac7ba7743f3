import { credentialSettings } from '#gatehouse/credentials';
import { type Environment, type SettingLine, settingLines } from '#gatehouse/platform';
import { devCenterSchema } from '../../../apps/dev-center/src/config.js';
import { reminderSchema } from '../../../apps/reminder-app/src/config.js';
import { todoApiSchema } from '../../../apps/todo-api/src/config.js';
import { startSchema } from './config.js';

const appSchemas = [todoApiSchema, reminderSchema, devCenterSchema];

/** The schemas of everything that is started together. */
export const allSchemas = [startSchema, ...appSchemas];

/** Replaces the apps' own defaults. */
export const defaultsHere: Environment = {
  // Sandbox and databases share this process: while one computes, the others seem slow.
  FUSIONAUTH_DEADLINE_MS: '5000',
  // So that the todo page of the Dev Center works.
  TOKEN_LOCATION: 'header,cookie',
};

const credentials = Object.keys(credentialSettings).filter((name) => name !== 'CREDENTIAL_SOURCE');

const settledUrls = [
  'TODO_API_URL',
  'TODO_API_PUBLIC_URL',
  'TODO_API_METRICS_URL',
  'SMTP_URL',
  'UNSUBSCRIBE_URL',
  'TODO_PAGE_URL',
  'HEARTBEAT_URL',
  'WEBHOOK_URL',
];

/**
 * Returns whether a variable points at another FusionAuth, Todo API, mail server or monitor, or is a credential for
 * one. The apps started together are pointed at each other, even if the shell sets these variables.
 */
const pointsElsewhere = (name: string): boolean =>
  (name.startsWith('FUSIONAUTH_') && name !== 'FUSIONAUTH_DEADLINE_MS') ||
  [...settledUrls, 'WEBHOOK_KEY_ID', ...credentials].some(
    (known) => name === known || name === `${known}_FILE`,
  );

/** Variables of a single app, for which `npm start` has its own names, TODO_API_PORT for example. */
const ofOneApp = ['PORT', 'METRICS_PORT'];

const isPassedOn = (name: string): boolean => !pointsElsewhere(name) && !ofOneApp.includes(name);

/** Returns the environment for the apps, and the names of the variables that are set but ignored here. */
export function ownEnvironment(shell: Environment): { environment: Environment; ignored: readonly string[] } {
  const entries = Object.entries(shell).filter(([, value]) => value);
  return {
    environment: Object.fromEntries(entries.filter(([name]) => isPassedOn(name))),
    ignored: entries.map(([name]) => name).filter((name) => !isPassedOn(name)),
  };
}

/** Returns the settings that the apps read from the environment, beyond those of `npm start` itself, for `--help`. */
export function appSettings(): SettingLine[] {
  const settled = [...Object.keys(startSchema.shape), 'ALLOW_INSECURE'];
  const lines = appSchemas
    .flatMap((schema) => settingLines(schema))
    .filter(({ name }) => isPassedOn(name) && !settled.includes(name))
    .map((line) => ({ ...line, fallback: defaultsHere[line.name] ?? line.fallback }));
  return lines.filter(({ name }, index) => lines.findIndex((line) => line.name === name) === index);
}
