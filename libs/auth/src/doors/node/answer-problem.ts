import type { ServerResponse } from 'node:http';
import { problemBody, type ProblemError, problemHeaders, type ProblemType } from '#gatehouse/platform';

/** Sends the problem as `application/problem+json` with its headers. */
export function answerProblem(
  response: ServerResponse,
  problem: ProblemError,
  { problemType, requestId }: { problemType: ProblemType; requestId: string },
): void {
  setHeaders(response, problemHeaders(problem));
  response.writeHead(problem.status).end(JSON.stringify(problemBody(problem, problemType, requestId)));
}

export function setHeaders(
  response: ServerResponse,
  headers: Readonly<Record<string, string | readonly string[]>>,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
