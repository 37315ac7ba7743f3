import type { Verdict } from '../../core/strategy.js';
import type { StrategyParts } from '../define-strategy.js';
import type { JwtReason } from './reasons.js';

const clocks =
  'if this continues, the clocks differ by more than CLOCK_SKEW_SECONDS: synchronise FusionAuth and this machine by NTP';

const repeatMs = 60_000;

/**
 * Refusals that come from a wrong setting if they affect every token, and where to change it. A made-up token can
 * cause each of them too, so they are only logged and do not change readiness.
 */
const cures: Readonly<Record<string, string>> = {
  'symmetric-algorithm':
    'a token signed with HS256 was refused: give the application an RS256 key (jwtConfiguration.accessTokenKeyId)',
  'webhook-key':
    'a token signed with the key of webhooks (WEBHOOK_KEY_ID) was refused: give the application another key (jwtConfiguration.accessTokenKeyId), or correct the setting',
  'no-session':
    'a token without a session was refused: with JWT_VALIDATION=session clients must request the scope offline_access',
  lifetime:
    'a token that is valid for longer than MAX_TOKEN_LIFETIME_SECONDS was refused: shorten timeToLiveInSeconds of the application or entity type (jwtConfiguration), or raise the setting',
  'not-yet-valid': `a token that is not valid yet (nbf) was refused: ${clocks}`,
  'issued-in-the-future': `a token issued in the future (iat) was refused: ${clocks}`,
  issuer:
    'a token of another issuer was refused: if the issuer of the tenant was changed, correct FUSIONAUTH_ISSUER or, where it is unset, restart',
  tenant:
    'a token of another tenant was refused: if this continues, set FUSIONAUTH_TENANT_ID to the tenant that owns the application',
  audience:
    'a token for another application or entity was refused: if this continues, compare FUSIONAUTH_APPLICATION_ID and FUSIONAUTH_ENTITY_ID with what clients request',
} satisfies Partial<Record<JwtReason, string>>;

/** Returns a function that logs the remedy of such a refusal, each at most once a minute, and returns the verdict. */
export function hints({ log, clock }: Pick<StrategyParts, 'log' | 'clock'>): (verdict: Verdict) => Verdict {
  const saidAt = new Map<string, number>();
  return (verdict) => {
    const reason = !verdict.ok && verdict.failure.kind === 'rejected' ? verdict.failure.reason : '';
    const cure = cures[reason];
    if (cure !== undefined && clock() - (saidAt.get(reason) ?? -Infinity) > repeatMs) {
      saidAt.set(reason, clock());
      log.warn({ reason }, cure);
    }
    return verdict;
  };
}
