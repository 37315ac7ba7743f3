import { type ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { FailureFilter } from '#gatehouse/auth/nest';
import { internalError, type Logger, ProblemError, undocumented } from '#gatehouse/platform';

/**
 * Answers errors that are not verdicts: a wrong path, a request that Fastify refuses, and unexpected errors, whose
 * 500 every proxy treats as a refusal.
 */
@Catch()
export class ProblemFilter extends FailureFilter {
  constructor(
    host: HttpAdapterHost,
    private readonly log: Logger,
  ) {
    super(host, undocumented);
  }

  override catch(error: unknown, context: ArgumentsHost): void {
    const { id } = context.switchToHttp().getRequest<FastifyRequest>();
    super.catch(this.problemOf(error, id), context);
  }

  private problemOf(error: unknown, requestId: string): ProblemError {
    if (error instanceof ProblemError) return error;
    const status = error instanceof HttpException ? error.getStatus() : 500;
    if (status === 404)
      return new ProblemError(404, 'not_found', 'There is nothing at this path: use GET /verify.');

    if (status < 500)
      return new ProblemError(status, 'invalid_request', 'The server cannot handle this request.');

    this.log.error({ err: error, requestId }, 'request failed');
    return internalError(error);
  }
}
