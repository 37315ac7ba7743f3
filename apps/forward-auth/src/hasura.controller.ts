import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { HasuraDoor } from '#gatehouse/auth/forward';
import { Public } from '#gatehouse/auth/nest';
import type { LoggedRequest } from '#gatehouse/http-edge';
import type { ProblemError } from '#gatehouse/platform';
import { onOneLine } from './one-line.js';

/** Injection token of the {@link HasuraDoor}. */
export const HASURA_DOOR = Symbol('HasuraDoor');

@Controller()
@Public()
export class HasuraController {
  constructor(@Inject(HASURA_DOOR) private readonly door: HasuraDoor) {}

  /** The authentication webhook of Hasura: session variables with 200. Hasura reads nothing of a refusal but its status. */
  @Get('hasura')
  async judge(@Req() request: LoggedRequest, @Res() reply: FastifyReply): Promise<void> {
    const verdict = await this.door(request.raw, { requestId: request.id, address: request.ip });
    if ('variables' in verdict) {
      request.principal = verdict.principal;
      return void reply.code(200).send(verdict.variables);
    }
    const { problem } = verdict;
    request.refusedWith = problem.code;
    void reply.code(statusOf(problem)).headers(onOneLine(problem)).send();
  }
}

/**
 * Hasura refuses its client at 401 alone, and answers 500 for every other status. So 401 is what the caller can mend; 429 and
 * 503, which pass by themselves, and 403 for a stranger to TRUSTED_PROXIES, become Hasura's 500.
 */
function statusOf({ status, code }: ProblemError): number {
  const isCallers = (status === 400 || status === 403) && code !== 'untrusted_proxy';
  return isCallers ? 401 : status;
}
