import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { buildAuthenticator, type CredentialStrategy, type Verdict } from '#gatehouse/auth';
import { AuthModule } from '#gatehouse/auth/nest';
import { createLogger, createMetrics, systemClock } from '#gatehouse/platform';
import { claimBearer } from '../../../../../libs/auth/src/strategies/jwt/bearer.js';
import { readCompactToken } from '../../../../../libs/auth/src/strategies/jwt/compact-token.js';
import {
  headerProblem,
  judgeClaims,
  type TokenExpectation,
} from '../../../../../libs/auth/src/strategies/jwt/token-expectation.js';
import { configOf } from './config.js';
import { GuardedController } from './gatehouse.js';
import type { GuardSettings, GuardUnderTest } from './guard-under-test.js';

const rejected = (reason: string): Verdict => ({ ok: false, failure: { kind: 'rejected', reason } });

/** Our guard with the same checks, but with `crypto.verify` in the place of passport-jwt: what the engine costs. */
export async function bareVerifyGuard(settings: GuardSettings): Promise<GuardUnderTest> {
  const config = configOf(settings);
  const judge = await judgeBy(settings, {
    issuer: settings.issuer,
    applicationId: settings.applicationId,
    tenantId: settings.tenantId,
    clockSkewSeconds: config.CLOCK_SKEW_SECONDS,
    maxLifetimeSeconds: config.MAX_TOKEN_LIFETIME_SECONDS,
  });
  const strategy: CredentialStrategy<string> = {
    name: 'bare-verify',
    cost: 'local',
    challenge: { scheme: 'Bearer' },
    securityScheme: {},
    claim: (request) => claimBearer(request.header('authorization')),
    fingerprint: (token) => token,
    verify: (token) => Promise.resolve(judge(token)),
  };
  const authenticator = buildAuthenticator([strategy], {
    realm: 'api',
    deadlineMilliseconds: config.FUSIONAUTH_DEADLINE_MS,
    trustSeconds: config.CREDENTIAL_CACHE_SECONDS,
    graceSeconds: config.CREDENTIAL_GRACE_SECONDS,
    refusedPerMinute: config.REFUSED_ATTEMPTS_PER_MINUTE,
    clock: systemClock,
    log: createLogger('target', 'warn'),
    metrics: createMetrics(),
  });
  return { module: AuthModule.register(authenticator), controller: GuardedController, calls: () => 0 };
}

async function judgeBy(
  settings: GuardSettings,
  expectation: TokenExpectation,
): Promise<(token: string) => Verdict> {
  const keys = await readKeys(settings);
  return (token) => {
    const parts = readCompactToken(token);
    if (!parts || headerProblem(parts.header)) return rejected('not-a-token');
    const verdict = judgeClaims(parts.claims, expectation, systemClock);
    const key = keys.get(parts.header['kid'] as string);
    if (!verdict.ok || !key) return rejected('claims');
    const end = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    const holds = verify('RSA-SHA256', Buffer.from(token.slice(0, end)), key, signature);
    return holds ? verdict : rejected('signature');
  };
}

async function readKeys({ fusionAuthUrl }: GuardSettings): Promise<ReadonlyMap<string, KeyObject>> {
  const response = await fetch(`${fusionAuthUrl}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: { kid: string }[] };
  return new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
}
