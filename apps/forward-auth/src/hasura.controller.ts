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

  /** The authentication webhook of Hasura: 200 with session variables. Hasura reads only the status of a refusal. */
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
 * Maps a problem to a status for Hasura, which refuses its client only for 401 and answers 500 for every other
 * status. So 401 is for faults that the caller can fix; 429 and 503, which are temporary, and 403 for an untrusted
 * proxy become Hasura's 500.
 */
function statusOf({ status, code }: ProblemError): number {
  const isCallers = (status === 400 || status === 403) && code !== 'untrusted_proxy';
  return isCallers ? 401 : status;
}
