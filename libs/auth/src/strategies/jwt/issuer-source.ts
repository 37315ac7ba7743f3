import { untilSuccess } from '#gatehouse/platform';
import type { StrategyParts } from '../define-strategy.js';

const retryMs = 2_000;

/**
 * Provides the exact `iss` of access tokens: as configured, or else from FusionAuth's discovery document, which is
 * read at start and every 2 s until it answers.
 */
export function issuerSource(
  configured: string | undefined,
  { fusionAuth, log }: Pick<StrategyParts, 'fusionAuth' | 'log'>,
) {
  let issuer = configured;
  const attempt = async (retrying: boolean): Promise<void> => {
    issuer ??= await fusionAuth.readIssuer();
    if (retrying) log.info({ issuer }, 'discovery can be read again');
  };
  const onFirstFailure = (error: unknown) =>
    log.warn({ err: error }, 'discovery cannot be read; retrying every 2 s');
  return {
    ...untilSuccess(attempt, { retryMs, onFirstFailure }),
    /** Returns the issuer; undefined until it is known. */
    current: () => issuer,
    /** Returns why the issuer is not known; empty if it is. */
    pending: (): string[] =>
      issuer === undefined ? ['the issuer is not known: discovery cannot be read'] : [],
  };
}
