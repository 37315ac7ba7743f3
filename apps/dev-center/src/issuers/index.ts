import { apiKeyIssuer } from './api-key.issuer.js';
import { clientCredentialsIssuer } from './client-credentials.issuer.js';
import { emailTokenIssuer } from './email-token.issuer.js';
import type { Issuer, IssuerName, IssuerParts } from './issuer.js';
import { jwtIssuer } from './jwt.issuer.js';

/** Every issuer. A strategy of the guard without one does not compile. */
const catalogue = {
  jwt: jwtIssuer,
  'client-credentials': clientCredentialsIssuer,
  'api-key': apiKeyIssuer,
  'email-token': emailTokenIssuer,
} satisfies Record<IssuerName, (parts: IssuerParts) => Issuer>;

export const issuerNames = Object.keys(catalogue) as [IssuerName, ...IssuerName[]];

export const issuerOf = (name: IssuerName, parts: IssuerParts): Issuer => catalogue[name](parts);
