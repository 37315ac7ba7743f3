import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Authenticator } from '../../build-authenticator.js';
import { andThen } from '../../core/awaitable.js';
import type { Principal } from '../../core/principal.js';
import { answerProblem, setHeaders } from './answer-problem.js';
import { factsOf, stripper } from './facts.js';

export type GuardedListener = (
  request: IncomingMessage,
  response: ServerResponse,
  principal: Principal,
) => unknown;

/**
 * Guards a bare `node:http` handler. `listener` runs only behind a verified credential, with its principal; refusals
 * are sent here, as `application/problem+json`. Behind a proxy all callers share the proxy's address. Starts the
 * authenticator; you close it.
 */
export function guarded(authenticator: Authenticator, listener: GuardedListener): RequestListener {
  const strip = stripper(authenticator.consumes);
  void authenticator.start();
  return (request, response) => {
    const requestId = randomUUID();
    const facts = factsOf(request, { requestId });
    // The guard never rejects: every failure inside it is a verdict. An error of the listener is not caught here.
    void andThen(authenticator.authenticate(facts), ({ verdict, headers = {} }) => {
      if (!verdict.ok) {
        const problem = authenticator.answer(verdict.failure, headers);
        return answerProblem(response, problem, { problemType: authenticator.problemType, requestId });
      }
      setHeaders(response, headers);
      strip(request);
      return listener(request, response, verdict.principal);
    });
  };
}
