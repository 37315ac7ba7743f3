import { type ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { FailureFilter } from '#gatehouse/auth/nest';
import { databaseProblem } from '#gatehouse/database';
import { internalError, type Logger, ProblemError, type ProblemType } from '#gatehouse/platform';
import { databaseLost } from '#gatehouse/todo-database';
import type { Routes } from './routes.js';

export interface ProblemFilterParts {
  readonly problemType: ProblemType;
  readonly routes: Routes;
  readonly log: Logger;
}

/**
 * Turns every error of a request into an `application/problem+json` response; the cause of an unexpected error is
 * only logged.
 */
@Catch()
export class ProblemFilter extends FailureFilter {
  constructor(
    host: HttpAdapterHost,
    private readonly parts: ProblemFilterParts,
  ) {
    super(host, parts.problemType);
  }

  override catch(error: unknown, context: ArgumentsHost): void {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const problem = this.problemOf(error, request);
    if (problem.status >= 500 && problem.cause !== undefined) {
      const level = problem.status === 503 ? 'warn' : 'error';
      this.parts.log[level](
        { err: problem.cause, requestId: request.id, code: problem.code },
        'request failed',
      );
    }
    super.catch(problem, context);
  }

  private problemOf(error: unknown, request: FastifyRequest): ProblemError {
    if (error instanceof ProblemError) return error;
    const status =
      error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
    // The files of the docs page refuse unusual names with 403; nothing exists at such a path.
    if (status === 404 || (status === 403 && isOfFramework(error))) return this.noRoute(request);
    // After Fastify's own refusals, because a client that hangs up has the same code as a database that does.
    return protocolProblem(status, error) ?? ourProblem(error);
  }

  private noRoute({ method, url }: FastifyRequest): ProblemError {
    const allowed = this.parts.routes.allowed(url);
    if (allowed.length === 0 || allowed.includes(method))
      return new ProblemError(404, 'not_found', 'There is nothing at this path.');

    return new ProblemError(405, 'method_not_allowed', `This path accepts only ${allowed.join(', ')}.`, {
      headers: { Allow: allowed.join(', ') },
    });
  }
}

/**
 * Tells whether the framework or one of its plugins refuses: the status of any other error is that of another
 * server's response to us.
 */
function isOfFramework(error: unknown): boolean {
  const { code, expose } = error as { code?: unknown; expose?: unknown };
  return error instanceof HttpException || expose === true || String(code).startsWith('FST_');
}

/** Returns the problem for a refusal of the framework, which has a status; it is never a failure of ours. */
function protocolProblem(status: number | undefined, error: unknown): ProblemError | undefined {
  switch (status) {
    case 400:
      return new ProblemError(
        400,
        'invalid_request',
        'The body cannot be read: it is not valid JSON, or is truncated.',
      );
    case 413:
      return new ProblemError(413, 'body_too_large', 'The body is larger than 100 kB, the limit.');
    case 415:
      return new ProblemError(415, 'unsupported_media_type', 'Send the body as application/json.');
    default:
      return status !== undefined && status > 400 && status < 500 && isOfFramework(error)
        ? new ProblemError(status, 'invalid_request', 'The server cannot handle this request.')
        : undefined;
  }
}

const ourProblem = (cause: unknown): ProblemError =>
  databaseProblem(cause) ? databaseLost(cause) : internalError(cause);
