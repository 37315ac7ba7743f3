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
