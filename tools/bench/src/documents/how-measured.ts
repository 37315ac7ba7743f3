/** The part of docs/performance.md that no run changes. */
export const howMeasured = `## How it is measured

Every server is a process of its own, on a core of its own; load, stand-ins and PostgreSQL have the other core. The
rounds of all servers that are compared take turns (A B C, C B A, …), and each figure is the median of the quotients
of the same rounds: what slows the machine for a while slows both sides.

The primary figure is the **CPU time of the server process for a request**, unguarded divided by guarded, which no load
generator can fake. A round counts only when the server had work at least 90 % of the time (the utilisation of its event
loop), and a goal only when nine rounds count. Open and guarded route log and answer alike. Before and after each round
a forged token must get 401 on the guarded route and a good one 200, or the run fails.

Tokens are RS256 with 2,048 bits, about 1 kB, in FusionAuth's shape. "Known" means 1,000 of them in turn; "new" a circle
of 21,000, which is longer than the cache, so that each is forgotten before its turn. The load generator sends ready-made
requests over 64 keep-alive connections and reads status and length of the answers: autocannon costs as much CPU a
request as a bare server does, so that it would be the limit.

FusionAuth is a stand-in that answers at once, or as late as a goal says, and counts calls.

## The peers and their settings

- **passport-jwt + jwks-rsa**: the same NestJS application on Fastify, \`@UseGuards(AuthGuard('jwt'))\`, \`passportJwtSecret\`
  with \`cache: true, rateLimit: true, jwksRequestsPerMinute: 5\`, issuer, audience and \`RS256\` given, as their documents
  show. Neither caches tokens.
- **express-oauth2-jwt-bearer**: \`auth({ issuer, audience, jwksUri, tokenSigningAlg: 'RS256' })\` on Express 5; keys cached
  by its defaults. It does not cache tokens.
- **@fastify/jwt**: on bare Fastify with the public key given, \`cache: 5000\` (off by default), \`RS256\`, issuer and
  audience checked.
- **no cache** (G7, G12, G13): a NestJS guard that asks FusionAuth at each request through an undici pool of 32.
- **@fusionauth/typescript-client** (G17): one client object, defaults.
- **bare Fastify with raw pg** (G19): one route without guard, validation or types, one named statement, \`pg.Pool\`.

Every process runs with \`NODE_ENV=production\`. The Todo API and our guard run with their defaults, except for what a goal
names (\`CREDENTIAL_CACHE_SECONDS\`, and for G12 \`FUSIONAUTH_DEADLINE_MS=250\` and \`CREDENTIAL_GRACE_SECONDS=60\`).
`;
