import { untilSuccess } from '#gatehouse/platform';
import type { StrategyParts } from '../define-strategy.js';

const retryMs = 2_000;

/**
 * The exact `iss` of access tokens: as configured, else as FusionAuth's discovery document names it, which is asked once,
 * and from then on every 2 s until there is an answer.
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
    log.warn({ err: error }, 'discovery cannot be read; trying again every 2 s');
  return {
    ...untilSuccess(attempt, { retryMs, onFirstFailure }),
    /** Returns the issuer; undefined until known. */
    current: () => issuer,
    /** Returns why it is unknown, if it is. */
    pending: (): string[] =>
      issuer === undefined ? ['the issuer is not known: discovery cannot be read yet'] : [],
  };
}
