import type { FusionAuthData } from '#gatehouse/fusionauth';
import type { Clock, Logger } from '#gatehouse/platform';

/** What a strategy may be made of. */
export interface StrategyParts {
  readonly fusionAuth: FusionAuthData;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The settings that every strategy may read beside its own. */
export interface SharedConfig {
  readonly FUSIONAUTH_APPLICATION_ID: string;
  readonly FUSIONAUTH_TENANT_ID: string;
}
