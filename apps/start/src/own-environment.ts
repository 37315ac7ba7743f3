import type { Environment } from '#gatehouse/platform';

/**
 * Variables that point at some other FusionAuth, Todo API or mail server. The parts started together are given each
 * other, whatever the shell knows.
 */
const pointsElsewhere = (name: string): boolean =>
  (name.startsWith('FUSIONAUTH_') && name !== 'FUSIONAUTH_DEADLINE_MS') ||
  ['TODO_API_URL', 'SMTP_URL', 'CREDENTIAL_SOURCE', 'CLIENT_ID', 'REFRESH_TOKEN_FILE'].includes(name);

/** The environment for the parts, and the names of the variables that are set but do not count here. */
export function ownEnvironment(shell: Environment): { environment: Environment; ignored: readonly string[] } {
  const entries = Object.entries(shell).filter(([, value]) => value);
  return {
    environment: Object.fromEntries(entries.filter(([name]) => !pointsElsewhere(name))),
    ignored: entries.map(([name]) => name).filter(pointsElsewhere),
  };
}
