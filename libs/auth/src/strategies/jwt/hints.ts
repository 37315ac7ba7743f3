import type { Acceptance, Verdict } from '../../core/strategy.js';
import type { StrategyParts } from '../strategy-parts.js';

/** Refusals that come from a setting rather than from an attacker, and where to change it. */
const cures: Readonly<Record<string, string>> = {
  'symmetric-algorithm':
    'a token signed with HS256 was refused: give the application an RS256 key (jwtConfiguration.accessTokenKeyId)',
  'no-session':
    'a token without a session was refused: with JWT_VALIDATION=session clients must ask for the scope offline_access',
};

export type RemoteVerify = (token: string, signal: AbortSignal, screened?: Acceptance) => Promise<Verdict>;

/** Logs the cure, at most once a minute each, for whoever wonders why nothing is accepted. */
export function withHints(
  verify: RemoteVerify,
  { log, clock }: Pick<StrategyParts, 'log' | 'clock'>,
): RemoteVerify {
  const saidAt = new Map<string, number>();
  return async (token, signal, screened) => {
    const verdict = await verify(token, signal, screened);
    const reason = !verdict.ok && verdict.failure.kind === 'rejected' ? verdict.failure.reason : '';
    const cure = cures[reason];
    if (cure !== undefined && clock() - (saidAt.get(reason) ?? -Infinity) > 60_000) {
      saidAt.set(reason, clock());
      log.warn({ reason }, cure);
    }
    return verdict;
  };
}
