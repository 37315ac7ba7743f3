import type { Endpoint } from '#gatehouse/fusionauth';
import type { SharedConfig } from '../strategy-parts.js';

/** The environment of the email-token strategy: no variable of its own. */
export const emailTokenEnvironment = {
  settings: {},
  problems: (config: SharedConfig): string[] =>
    config.FUSIONAUTH_API_KEY
      ? []
      : [
          'FUSIONAUTH_API_KEY: is required for AUTH_STRATEGY email-token (it must permit POST /api/login and nothing else)',
        ],
  ownKeyPermissions: (): Endpoint[] => ['POST /api/login'],
};
