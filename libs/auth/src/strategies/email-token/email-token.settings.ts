import type { SharedConfig } from '../strategy-parts.js';

export function emailTokenProblems(config: SharedConfig): string[] {
  return config.FUSIONAUTH_API_KEY
    ? []
    : [
        'FUSIONAUTH_API_KEY: is required for AUTH_STRATEGY email-token (it must permit POST /api/login and nothing else)',
      ];
}
