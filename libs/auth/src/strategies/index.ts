import type { z } from 'zod';
import type { CredentialStrategy } from '../core/strategy.js';
import { jwtSettings } from './jwt/jwt.settings.js';
import { createJwt } from './jwt/jwt.strategy.js';
import type { SharedConfig, StrategyParts } from './strategy-parts.js';

interface StrategyEntry<S extends z.ZodRawShape> {
  /** The environment variables that only this strategy reads. */
  readonly settings: S;
  create(config: SharedConfig & z.output<z.ZodObject<S>>, parts: StrategyParts): CredentialStrategy<unknown>;
}

const entry = <S extends z.ZodRawShape>(of: StrategyEntry<S>) => of;

/** Every strategy there is, one line each. `AUTH_STRATEGY` picks from the names. */
export const catalogue = {
  jwt: entry({ settings: jwtSettings, create: createJwt }),
};

export type StrategyName = keyof typeof catalogue;
