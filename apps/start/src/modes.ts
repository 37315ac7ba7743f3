import { giveReminderItsToken } from './log-in.js';
import type { PartConfigs } from './part-configs.js';
import type { Surroundings } from './system.js';

/** One way to guard the Todo API together with the way in which the Reminder App keeps its credential for it. */
export interface Mode {
  readonly mode: string;
  /** CREDENTIAL_SOURCE of the Reminder App. */
  readonly source: string;
  /** What makes the Todo API guard itself in this way. */
  readonly environment: Readonly<Record<string, string>>;
  /** Obtains the Reminder App's credential and puts it where its configuration says. */
  issue(surroundings: Surroundings, configs: PartConfigs): Promise<void>;
}

/** Every mode that exists; a new one is a line here. */
export const modes: readonly Mode[] = [
  {
    mode: 'jwt/local',
    source: 'jwt',
    environment: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local' },
    issue: giveReminderItsToken,
  },
];

/** What is wrong with a choice of strategy that nobody here can obtain a credential for. */
export function modeProblems({ AUTH_STRATEGY, JWT_VALIDATION }: PartConfigs['todoApi']): string[] {
  const chosen = AUTH_STRATEGY.map((name) => (name === 'jwt' ? `jwt/${JWT_VALIDATION}` : name));
  const known = modes.map(({ mode }) => mode);
  const unknown = chosen.filter((name) => !known.includes(name));
  if (unknown.length === 0) return [];
  return [
    `AUTH_STRATEGY: npm start has no credential for ${unknown.join(', ')}; it has for ${known.join(', ')}`,
  ];
}
