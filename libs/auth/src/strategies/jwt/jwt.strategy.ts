import { accessTokenCookie, type RequestFacts } from '../../core/request-facts.js';
import type { Claim, CredentialStrategy } from '../../core/strategy.js';
import type { SharedConfig, StrategyParts } from '../strategy-parts.js';
import { bearerError, claimBearer } from './bearer.js';
import { claimCookie } from './cookie.js';
import { withHints, type RemoteVerify } from './hints.js';
import { introspectionVerifier } from './introspection.verifier.js';
import { issuerSource } from './issuer-source.js';
import type { JwtConfig } from './jwt.settings.js';
import { KeySource } from './key-source.js';
import { localVerifier } from './local.verifier.js';
import { sessionVerifier } from './session.verifier.js';
import type { TokenExpectation } from './token-expectation.js';

/** FusionAuth access tokens in `Authorization: Bearer` (RFC 6750 section 2.1) or in the cookie of its hosted backend. */
export function createJwt(
  config: SharedConfig & JwtConfig,
  parts: StrategyParts,
): CredentialStrategy<string> {
  const keys = new KeySource({ ...parts, fetchKeySet: parts.fusionAuth.readKeySet });
  const issuer = issuerSource(config.FUSIONAUTH_ISSUER, parts);
  const expectation = () => expectationOf(config, issuer.current());
  const local = withHints(localVerifier({ keys, clock: parts.clock, expectation }), parts);
  const remote = remoteVerifier(config, local, parts);
  return {
    name: 'jwt',
    challenge: { scheme: 'Bearer', error: bearerError },
    securityScheme: config.TOKEN_LOCATION.includes('header') ? inHeader : inCookie,
    claim: (request) => claimToken(request, config),
    fingerprint: (token) => token,
    ...(remote
      ? { cost: 'remote' as const, screen: local, verify: withHints(remote, parts) }
      : { cost: 'local' as const, verify: local }),
    generation: () => keys.generation,
    issuer: () => issuer.current(),
    start: () => Promise.all([issuer.start(), keys.start()]),
    close() {
      issuer.close();
      keys.close();
    },
    readiness: () => ({ ...keys.readiness(), pending: [...issuer.pending(), ...keys.readiness().pending] }),
  };
}

const description = 'FusionAuth access token';
const inHeader = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description };
const inCookie = { type: 'apiKey', in: 'cookie', name: accessTokenCookie, description };

/** The one token that the request carries where TOKEN_LOCATION looks. */
function claimToken(
  request: RequestFacts,
  { TOKEN_LOCATION: where, ALLOWED_ORIGINS }: JwtConfig,
): Claim<string> {
  const header = where.includes('header') ? claimBearer(request.header('authorization')) : notMine;
  const cookie = where.includes('cookie') ? claimCookie(request, ALLOWED_ORIGINS) : notMine;
  if (header.kind === 'not-mine') return cookie;
  return cookie.kind === 'not-mine'
    ? header
    : { kind: 'malformed', detail: 'A token came in the Authorization header and in a cookie: send one.' };
}

const notMine: Claim<string> = { kind: 'not-mine' };

/** What FusionAuth is asked beyond the local rule, by JWT_VALIDATION. */
function remoteVerifier(
  config: SharedConfig & JwtConfig,
  local: RemoteVerify,
  { fusionAuth, clock }: StrategyParts,
) {
  switch (config.JWT_VALIDATION) {
    case 'local':
      return undefined;
    case 'introspection':
      return introspectionVerifier(local, fusionAuth.introspect);
    case 'session':
      return sessionVerifier(local, {
        records: fusionAuth.records,
        applicationId: config.FUSIONAUTH_APPLICATION_ID,
        entityId: config.FUSIONAUTH_ENTITY_ID,
        clock,
      });
  }
}

function expectationOf(
  config: SharedConfig & JwtConfig,
  issuer: string | undefined,
): TokenExpectation | undefined {
  return issuer === undefined
    ? undefined
    : {
        issuer,
        applicationId: config.FUSIONAUTH_APPLICATION_ID,
        tenantId: config.FUSIONAUTH_TENANT_ID,
        entityId: config.FUSIONAUTH_ENTITY_ID,
        clockSkewSeconds: config.CLOCK_SKEW_SECONDS,
        maxLifetimeSeconds: config.MAX_TOKEN_LIFETIME_SECONDS,
      };
}
