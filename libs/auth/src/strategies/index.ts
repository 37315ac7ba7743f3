import type { z } from 'zod';
import type { CredentialStrategy } from '../core/strategy.js';
import { apiKeyProblems, apiKeySettings } from './api-key/api-key.settings.js';
import { createApiKey } from './api-key/api-key.strategy.js';
import { emailTokenProblems } from './email-token/email-token.settings.js';
import { createEmailToken } from './email-token/email-token.strategy.js';
import { jwtProblems, jwtSettings } from './jwt/jwt.settings.js';
import { createJwt } from './jwt/jwt.strategy.js';
import type { SharedConfig, StrategyParts } from './strategy-parts.js';

interface StrategyEntry<S extends z.ZodRawShape, C> {
  /** The environment variables that only this strategy reads; none is required while the strategy is off. */
  readonly settings: S;
  /** What is missing or contradictory once the strategy is on, as `NAME: what is wrong`. */
  readonly problems: (config: SharedConfig & C) => readonly string[];
  readonly create: (config: SharedConfig & C, parts: StrategyParts) => CredentialStrategy<unknown>;
}

const entry = <S extends z.ZodRawShape, C>(of: StrategyEntry<S, C>) => of;

/** Every strategy there is, one line each. `AUTH_STRATEGY` picks from the names. */
export const catalogue = {
  jwt: entry({ settings: jwtSettings, problems: jwtProblems, create: createJwt }),
  'api-key': entry({ settings: apiKeySettings, problems: apiKeyProblems, create: createApiKey }),
  'email-token': entry({ settings: {}, problems: emailTokenProblems, create: createEmailToken }),
};

export type StrategyName = keyof typeof catalogue;
