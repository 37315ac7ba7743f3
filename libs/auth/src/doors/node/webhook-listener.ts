import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { ProblemError } from '#gatehouse/platform';
import type { Authenticator } from '../../build-authenticator.js';
import { answerToEvent } from '../webhook.js';
import { answerProblem } from './answer-problem.js';

/**
 * Takes FusionAuth's events, with REVOCATION=push, at the path where it is mounted: behind `node:http`, or on Express
 * by `app.use(path, webhookListener(authenticator))`. Mount it before any body parser.
 */
export function webhookListener(authenticator: Authenticator): RequestListener {
  const { problemType } = authenticator;
  return (request, response) => {
    const answer = (problem: ProblemError | undefined) => {
      if (problem) answerProblem(response, problem, { problemType, requestId: randomUUID() });
      else response.end();
    };
    if (request.method === 'POST') void answerToEvent(authenticator, request).then(answer);
    else answer(notPost());
  };
}

const notPost = () =>
  new ProblemError(405, 'method_not_allowed', 'This path accepts POST only.', {
    headers: { Allow: 'POST' },
  });
