import type { Endpoint, FusionAuthData } from '#gatehouse/fusionauth';
import type { Clock } from '#gatehouse/platform';
import type { z } from 'zod';
import type { CredentialStrategy } from '../core/strategy.js';
import { examineApiKey } from './api-key/api-key.examination.js';
import { apiKeyEnvironment } from './api-key/api-key.settings.js';
import { createApiKey } from './api-key/api-key.strategy.js';
import { emailTokenEnvironment } from './email-token/email-token.settings.js';
import { createEmailToken } from './email-token/email-token.strategy.js';
import { examineJwt } from './jwt/jwt.examination.js';
import { jwtEnvironment } from './jwt/jwt.settings.js';
import { createJwt } from './jwt/jwt.strategy.js';
import type { SharedConfig, StrategyParts } from './strategy-parts.js';

interface StrategyEntry<S extends z.ZodRawShape, C> {
  /** The environment variables that only this strategy reads; none is required while the strategy is off. */
  readonly settings: S;
  /** What is missing or contradictory once the strategy is on, as `NAME: what is wrong`. */
  readonly problems: (config: SharedConfig & C) => readonly string[];
  /** What our own API key must permit, and need permit nothing beyond. */
  readonly ownKeyPermissions: (config: SharedConfig & C) => readonly Endpoint[];
  /** Asks FusionAuth what may be set up wrongly; a sentence with its cure for each. Throws when it does not answer. */
  readonly examine?: (
    config: SharedConfig & C,
    fusionAuth: FusionAuthData,
    clock: Clock,
  ) => Promise<readonly string[]>;
  readonly create: (config: SharedConfig & C, parts: StrategyParts) => CredentialStrategy<unknown>;
}

const entry = <S extends z.ZodRawShape, C>(of: StrategyEntry<S, C>) => of;

/** Every strategy there is. `AUTH_STRATEGY` picks from the names. */
export const catalogue = {
  jwt: entry({ ...jwtEnvironment, examine: examineJwt, create: createJwt }),
  'api-key': entry({ ...apiKeyEnvironment, examine: examineApiKey, create: createApiKey }),
  'email-token': entry({ ...emailTokenEnvironment, create: createEmailToken }),
};

export type StrategyName = keyof typeof catalogue;
