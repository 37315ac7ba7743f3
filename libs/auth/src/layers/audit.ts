import type { Logger } from '#gatehouse/platform';
import type { Authenticate, Outcome } from '../core/authenticator.js';
import { andThen } from '../core/awaitable.js';
import type { RequestFacts } from '../core/facts.js';
import type { Failure } from '../core/failure.js';

/**
 * Logs one line for every refusal, with the reason that the caller does not see. Acceptances are part of the
 * request's own log line.
 */
export function audit(inner: Authenticate, { log }: { readonly log: Logger }): Authenticate {
  return (request) =>
    andThen(inner(request), (outcome) => {
      if (!outcome.verdict.ok) write(log, request, outcome, outcome.verdict.failure);
      return outcome;
    });
}

function write(log: Logger, request: RequestFacts, outcome: Outcome, failure: Failure): void {
  const line = {
    event: 'refused',
    failure: failure.kind,
    reason: reasonOf(failure),
    via: outcome.via,
    requestId: request.requestId,
    address: request.address,
  };
  if (failure.kind !== 'unavailable') return log.info(line, 'a request was refused');
  const blamed = { ...line, blame: failure.blame, err: failure.cause };
  if (failure.blame === 'dependency') log.warn(blamed, 'a credential could not be checked');
  else log.error(blamed, 'a credential could not be checked');
}

function reasonOf(failure: Failure): string | undefined {
  if ('reason' in failure) return failure.reason;
  if ('detail' in failure) return failure.detail;
  return 'operation' in failure ? failure.operation : undefined;
}
