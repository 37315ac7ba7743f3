import { type FusionAuthData, FusionAuthRefusedUs } from '#gatehouse/fusionauth';
import type { Clock } from '#gatehouse/platform';
import type { SharedConfig } from '../define-strategy.js';
import type { JwtConfig } from './jwt.settings.js';

/**
 * Finds at start, instead of at the first request, faults of the configuration that make FusionAuth's tokens
 * unacceptable.
 */
export async function checkJwtSetUp(
  config: SharedConfig & JwtConfig,
  fusionAuth: FusionAuthData,
  clock: Clock,
): Promise<readonly string[]> {
  const findings = await Promise.all([
    issuerMismatch(config, fusionAuth),
    sharedSecret(config, fusionAuth),
    clientSecret(config, fusionAuth),
    clocksApart(config, fusionAuth, clock),
  ]);
  return findings.filter((finding) => finding !== undefined);
}

async function issuerMismatch({ FUSIONAUTH_ISSUER: configured }: JwtConfig, { readIssuer }: FusionAuthData) {
  if (configured === undefined) return undefined;
  const issuer = await readIssuer();
  return issuer === configured
    ? undefined
    : `FUSIONAUTH_ISSUER is ${JSON.stringify(configured)}, but the tenant's tokens say ${JSON.stringify(issuer)}: unset it, or correct it or the issuer of the tenant.`;
}

async function sharedSecret(
  { FUSIONAUTH_APPLICATION_ID: id }: SharedConfig,
  { hasPublicKey }: FusionAuthData,
) {
  return (await hasPublicKey(id))
    ? undefined
    : 'FusionAuth has no public key for FUSIONAUTH_APPLICATION_ID: either the application does not exist, or it signs its tokens with a shared secret (HS256). Choose an RS256 or ES256 key for it (jwtConfiguration: enabled, accessTokenKeyId, idTokenKeyId).';
}

async function clientSecret({ JWT_VALIDATION }: JwtConfig, { introspect }: FusionAuthData) {
  if (JWT_VALIDATION !== 'introspection') return undefined;
  try {
    await introspect('a-token-of-nobody', 'user', AbortSignal.timeout(10_000));
    return undefined;
  } catch (error) {
    if (!(error instanceof FusionAuthRefusedUs)) throw error;
    return 'FusionAuth refuses FUSIONAUTH_CLIENT_SECRET for introspection: set it to the client secret of the application.';
  }
}

/** FusionAuth states its time to the second, and its answer takes a while to arrive. */
const toleranceSeconds = 2;

async function clocksApart(
  { CLOCK_SKEW_SECONDS: allowed }: JwtConfig,
  { readClock }: FusionAuthData,
  clock: Clock,
) {
  const theirs = await readClock();
  if (theirs === undefined) return undefined;
  const aheadSeconds = Math.round((theirs - clock()) / 1000);
  const apartSeconds = Math.abs(aheadSeconds);
  if (apartSeconds <= allowed + toleranceSeconds) return undefined;
  const [side, fault] = aheadSeconds < 0 ? ['behind', 'expired'] : ['ahead of', 'not yet valid'];
  return `FusionAuth's clock is ${apartSeconds} s ${side} this machine's, and CLOCK_SKEW_SECONDS is ${allowed}: tokens are refused as ${fault}. Synchronise both by NTP.`;
}
