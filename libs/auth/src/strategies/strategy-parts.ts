import type { FusionAuthData } from '#gatehouse/fusionauth';
import type { Clock, Logger, Secret } from '#gatehouse/platform';
import type { AuthMemory } from './memory.js';

/** What a strategy may be made of. */
export interface StrategyParts {
  readonly fusionAuth: FusionAuthData;
  readonly memory: AuthMemory;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The settings that every strategy may read beside its own. */
export interface SharedConfig {
  readonly FUSIONAUTH_APPLICATION_ID: string;
  readonly FUSIONAUTH_TENANT_ID: string;
  readonly FUSIONAUTH_API_KEY?: Secret | undefined;
}
