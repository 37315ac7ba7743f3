import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { problemBody, ProblemError, problemMediaType, type ProblemType } from '#gatehouse/platform';
import { type AuthenticatedRequest, requestIdOf } from './authenticated-request.js';

/** Answers a {@link ProblemError} as `application/problem+json` (RFC 9457) with the headers that belong to it. */
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
    for (const [name, value] of Object.entries(problem.headers))
      httpAdapter.setHeader(reply, name, value as string);
    httpAdapter.setHeader(reply, 'Content-Type', problemMediaType);
    httpAdapter.setHeader(reply, 'Cache-Control', 'no-store');
    httpAdapter.reply(reply, problemBody(problem, this.problemType, requestId), problem.status);
  }
}
