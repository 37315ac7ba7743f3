import type { StrategyName } from '#gatehouse/auth';
import type { SourceName } from '#gatehouse/credentials';
import type { Environment } from '#gatehouse/platform';
import { reminderClient, reminderEntity, todoApiEntity } from './identities.js';

/** What the Reminder App must be told so that its credential of one source opens the Todo API. */
interface ReminderCredential {
  /** The strategy that accepts it. */
  readonly strategy: StrategyName;
  /** From the secrets of the sandbox to the variables of the Reminder App. */
  readonly reminder: (secrets: Environment) => Environment;
}

export const reminderCredentials: Readonly<Record<SourceName, ReminderCredential>> = {
  jwt: { strategy: 'jwt', reminder: () => ({}) },
  'client-credentials': {
    strategy: 'jwt',
    reminder: ({ REMINDER_ENTITY_SECRET }) => ({
      CLIENT_ID: reminderEntity,
      CLIENT_SECRET: REMINDER_ENTITY_SECRET,
      TARGET_ENTITY_ID: todoApiEntity,
    }),
  },
  'api-key': {
    strategy: 'api-key',
    reminder: ({ REMINDER_API_KEY }) => ({ API_KEY: REMINDER_API_KEY }),
  },
  'email-token': {
    strategy: 'email-token',
    reminder: ({ REMINDER_AUTHENTICATION_TOKEN }) => ({
      LOGIN_EMAIL: reminderClient.email,
      AUTHENTICATION_TOKEN: REMINDER_AUTHENTICATION_TOKEN,
    }),
  },
};

/** The names of the secrets above. */
export const reminderSecrets = [
  'REMINDER_ENTITY_SECRET',
  'REMINDER_API_KEY',
  'REMINDER_AUTHENTICATION_TOKEN',
];

/**
 * The source that CREDENTIAL_SOURCE names, else the one for the first strategy in force. What no strategy in force
 * accepts is a problem, as a line for the operator.
 */
export function chooseSource({ AUTH_STRATEGY, CREDENTIAL_SOURCE }: Environment): {
  source: SourceName;
  problems: readonly string[];
} {
  const strategies = (AUTH_STRATEGY || 'jwt').split(',').map((name) => name.trim());
  const accepted = (Object.keys(reminderCredentials) as SourceName[]).filter((name) =>
    strategies.includes(reminderCredentials[name].strategy),
  );
  const bySource = accepted.find((name) => name === CREDENTIAL_SOURCE);
  const byStrategy = accepted.find((name) => reminderCredentials[name].strategy === strategies[0]);
  const source = bySource ?? byStrategy ?? 'jwt';
  if (!CREDENTIAL_SOURCE || bySource || accepted.length === 0) return { source, problems: [] };
  const wrong = `AUTH_STRATEGY=${strategies.join(',')} accepts ${accepted.join(', ')}`;
  return { source, problems: [`CREDENTIAL_SOURCE: ${wrong} here (example: ${accepted[0] ?? source})`] };
}
