import type { Gateway } from '../gateway.js';
import type { Policy } from '../policy.js';
import { fill } from '../template.js';

export const hasuraJwt: Gateway = {
  name: 'hasura-jwt',
  title: 'Hasura in JWT mode',
  mode: 'native',
  checkedBy: 'not checked: Hasura publishes no schema of HASURA_GRAPHQL_JWT_SECRET as a package',
  files: (policy) => [
    {
      path: 'hasura.env',
      text: fill('hasura-jwt/hasura.env', { jwtSecret: JSON.stringify(jwtSecret(policy)) }),
    },
  ],
};

/** HASURA_GRAPHQL_JWT_SECRET, which contains only public text in spite of its name. */
const jwtSecret = ({ jwksUrl, issuer, audiences, limits, tokenLocation, cookieName }: Policy) => ({
  jwk_url: jwksUrl,
  issuer,
  audience: audiences,
  allowed_skew: limits.clockSkewSeconds,
  ...(tokenLocation === 'cookie' && { header: { type: 'Cookie', name: cookieName } }),
  claims_map: {
    'x-hasura-user-id': { path: '$.sub' },
    'x-hasura-allowed-roles': { path: '$.roles' },
    'x-hasura-default-role': { path: '$.roles[0]' },
  },
});
