import { apiKey } from './api-key/index.js';
import { emailToken } from './email-token/index.js';
import { jwt } from './jwt/index.js';

/** Every strategy there is, in the order in which they are asked. `AUTH_STRATEGY` picks from the names. */
export const catalogue = { jwt, 'api-key': apiKey, 'email-token': emailToken };

export type StrategyName = keyof typeof catalogue;

export const strategyNames = Object.keys(catalogue) as [StrategyName, ...StrategyName[]];
