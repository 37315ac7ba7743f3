import type { StrategyName } from '#gatehouse/auth';
import type { SourceName } from '#gatehouse/credentials';
import type { Environment } from '#gatehouse/platform';
import { issuersFor } from '../../../../apps/dev-center/src/issuers/index.js';

/**
 * Returns the credential source of the Reminder App: CREDENTIAL_SOURCE, else the source of the first active strategy. A
 * source whose credentials no active strategy accepts is returned as a problem, a line for the operator.
 */
export function chooseSource({ AUTH_STRATEGY, CREDENTIAL_SOURCE }: Environment): {
  source: SourceName;
  problems: string[];
} {
  const strategies = (AUTH_STRATEGY || 'jwt').split(',').map((name) => name.trim());
  // An unknown strategy name is refused by the Todo API.
  const accepted: SourceName[] = strategies.flatMap((name) => issuersFor(name as StrategyName));
  const [first = 'jwt'] = accepted;
  const chosen = accepted.find((name) => name === CREDENTIAL_SOURCE);
  if (!CREDENTIAL_SOURCE || chosen || accepted.length === 0) return { source: chosen ?? first, problems: [] };
  const wrong = `AUTH_STRATEGY=${strategies.join(',')} accepts ${accepted.join(', ')}`;
  return { source: first, problems: [`CREDENTIAL_SOURCE: ${wrong} here (example: ${first})`] };
}
