import { credentialSettings } from '#gatehouse/credentials';
import type { Environment } from '#gatehouse/platform';

const choiceOfSource = 'CREDENTIAL_SOURCE';
const credentials = Object.keys(credentialSettings).filter((name) => name !== choiceOfSource);

/**
 * Variables that point at some other FusionAuth, Todo API, mail server or monitor, or are a credential there. The parts
 * started together are given each other, whatever the shell knows.
 */
export const pointsElsewhere = (name: string): boolean =>
  (name.startsWith('FUSIONAUTH_') && name !== 'FUSIONAUTH_DEADLINE_MS') ||
  ['TODO_API_URL', 'SMTP_URL', 'UNSUBSCRIBE_URL', 'HEARTBEAT_URL', ...credentials].some(
    (known) => name === known || name === `${known}_FILE`,
  );

/** Variables of a single app, for which `npm start` has names of its own, TODO_API_PORT for example. */
const ofOneApp = ['PORT', 'METRICS_PORT'];

const counts = (name: string): boolean => !pointsElsewhere(name) && !ofOneApp.includes(name);

/** The environment for the parts, and the names of the variables that are set but do not count here. */
export function ownEnvironment(shell: Environment): { environment: Environment; ignored: readonly string[] } {
  const entries = Object.entries(shell).filter(([, value]) => value);
  return {
    environment: Object.fromEntries(entries.filter(([name]) => counts(name))),
    ignored: entries.map(([name]) => name).filter((name) => !counts(name)),
  };
}
