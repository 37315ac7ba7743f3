import { apiKey } from './api-key/index.js';
import { emailToken } from './email-token/index.js';
import { jwt } from './jwt/index.js';

/** Every strategy, in the order in which they are consulted. `AUTH_STRATEGY` selects by name. */
export const catalogue = { jwt, 'api-key': apiKey, 'email-token': emailToken };

export type StrategyName = keyof typeof catalogue;

export const strategyNames = Object.keys(catalogue) as [StrategyName, ...StrategyName[]];
