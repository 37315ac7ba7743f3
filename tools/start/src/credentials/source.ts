import type { StrategyName } from '#gatehouse/auth';
import type { SourceName } from '#gatehouse/credentials';
import type { Environment } from '#gatehouse/platform';
import { issuersFor } from '../../../../apps/dev-center/src/issuers/index.js';

/**
 * How the Reminder App keeps its credential: as CREDENTIAL_SOURCE says, else in the way of the first strategy in force. A
 * source whose credentials no strategy in force accepts is a problem, as a line for the operator.
 */
export function chooseSource({ AUTH_STRATEGY, CREDENTIAL_SOURCE }: Environment): {
  source: SourceName;
  problems: string[];
} {
  const strategies = (AUTH_STRATEGY || 'jwt').split(',').map((name) => name.trim());
  // A name that is not a strategy is the Todo API's to refuse.
  const accepted: SourceName[] = strategies.flatMap((name) => issuersFor(name as StrategyName));
  const [first = 'jwt'] = accepted;
  const chosen = accepted.find((name) => name === CREDENTIAL_SOURCE);
  if (!CREDENTIAL_SOURCE || chosen || accepted.length === 0) return { source: chosen ?? first, problems: [] };
  const wrong = `AUTH_STRATEGY=${strategies.join(',')} accepts ${accepted.join(', ')}`;
  return { source: first, problems: [`CREDENTIAL_SOURCE: ${wrong} here (example: ${first})`] };
}
