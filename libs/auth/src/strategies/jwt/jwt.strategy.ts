import type { CredentialStrategy, Verdict } from '../../core/strategy.js';
import type { SharedConfig, StrategyParts } from '../strategy-parts.js';
import { bearerError, claimBearer } from './bearer.js';
import { issuerSource } from './issuer-source.js';
import type { JwtConfig } from './jwt.settings.js';
import { KeySource } from './key-source.js';
import { localVerifier } from './local.verifier.js';
import type { TokenExpectation } from './token-expectation.js';

/** FusionAuth access tokens in `Authorization: Bearer` (RFC 6750 section 2.1), verified with the issuer's public keys. */
export function createJwt(
  config: SharedConfig & JwtConfig,
  parts: StrategyParts,
): CredentialStrategy<string> {
  const keys = new KeySource({ ...parts, fetchKeySet: parts.fusionAuth.readKeySet });
  const issuer = issuerSource(config.FUSIONAUTH_ISSUER, parts);
  const hint = symmetricHint(parts);
  const verify = localVerifier({
    keys,
    clock: parts.clock,
    expectation: () => expectationOf(config, issuer.current()),
  });
  return {
    name: 'jwt',
    cost: 'local',
    challenge: { scheme: 'Bearer', error: bearerError },
    securityScheme: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'FusionAuth access token',
    },
    claim: (request) => claimBearer(request.header('authorization')),
    fingerprint: (token) => token,
    verify: async (token) => hint(await verify(token)),
    generation: () => keys.generation,
    start: () => Promise.all([issuer.start(), keys.start()]),
    close() {
      issuer.close();
      keys.close();
    },
    readiness() {
      const { pending, degraded } = keys.readiness();
      const unknown =
        issuer.current() === undefined ? ['the issuer is not known: discovery cannot be read yet'] : [];
      return { pending: [...unknown, ...pending], degraded };
    },
  };
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

/** FusionAuth signs with HS256 unless told otherwise, and then nothing is ever accepted: say where to change it, once a minute. */
function symmetricHint({ log, clock }: Pick<StrategyParts, 'log' | 'clock'>): (verdict: Verdict) => Verdict {
  let saidAt = -Infinity;
  return (verdict) => {
    if (verdict.ok || verdict.failure.kind !== 'rejected' || verdict.failure.reason !== 'symmetric-algorithm')
      return verdict;
    if (clock() - saidAt > 60_000) {
      saidAt = clock();
      log.warn(
        'a token signed with HS256 was refused: give the application an RS256 key (jwtConfiguration.accessTokenKeyId)',
      );
    }
    return verdict;
  };
}
