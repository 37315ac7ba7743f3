import type { StrategyName } from '#gatehouse/auth';
import { apiKeyIssuer } from './api-key.issuer.js';
import { clientCredentialsIssuer } from './client-credentials.issuer.js';
import { emailTokenIssuer } from './email-token.issuer.js';
import type { IssuerDefinition } from './issuer.js';
import { jwtIssuer } from './jwt.issuer.js';

/** Every issuer. A strategy of the guard without one does not compile; `jwt` has a second one for machines. */
export const issuers = {
  jwt: jwtIssuer,
  'client-credentials': clientCredentialsIssuer,
  'api-key': apiKeyIssuer,
  'email-token': emailTokenIssuer,
} satisfies Record<StrategyName | 'client-credentials', IssuerDefinition>;

export type IssuerName = keyof typeof issuers;

export const issuerNames = Object.keys(issuers) as [IssuerName, ...IssuerName[]];

/** Returns the issuers whose credentials a strategy accepts. */
export const issuersFor = (strategy: StrategyName): readonly IssuerName[] =>
  issuerNames.filter((name) => issuers[name].strategy === strategy);
