import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { problemBody, ProblemError, problemHeaders, type ProblemType } from '#gatehouse/platform';
import { type AuthenticatedRequest, requestIdOf } from './authenticated-request.js';

/** Sends a {@link ProblemError} as `application/problem+json` (RFC 9457) with its headers. */
@Catch(ProblemError)
export class FailureFilter implements ExceptionFilter<ProblemError> {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly problemType: ProblemType,
  ) {}

  catch(problem: ProblemError, context: ArgumentsHost): void {
    const http = context.switchToHttp();
    const reply = http.getResponse<unknown>();
    const request = http.getRequest<AuthenticatedRequest>();
    const requestId = requestIdOf(request);
    request.refusedWith = problem.code;
    const { httpAdapter } = this.host;
    for (const [name, value] of Object.entries(problemHeaders(problem)))
      httpAdapter.setHeader(reply, name, value);
    // As text: the Express adapter of NestJS 11 sends any object of an error as `application/json`.
    const body = JSON.stringify(problemBody(problem, this.problemType, requestId));
    httpAdapter.reply(reply, body, problem.status);
  }
}
