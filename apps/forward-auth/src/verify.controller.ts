import { All, Controller, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ForwardDoor } from '#gatehouse/auth/forward';
import { Public } from '#gatehouse/auth/nest';
import { problemBody, problemMediaType, undocumented } from '#gatehouse/platform';
import { onOneLine } from './one-line.js';
import type { LoggedRequest } from './request-log.js';

/** Injection token of the {@link ForwardDoor}. */
export const FORWARD_DOOR = Symbol('ForwardDoor');

@Controller()
@Public()
export class VerifyController {
  constructor(@Inject(FORWARD_DOOR) private readonly door: ForwardDoor) {}

  /**
   * 200 has no body: with one, nginx and Caddy make a new connection for each question. nginx does so for a refusal too, and
   * shows its client a body of its own: it asks with `?body=none`. Envoy asks by the method of its client's request;
   * what counts is the method that its headers say.
   */
  @All('verify')
  async verify(
    @Req() request: LoggedRequest,
    @Res() reply: FastifyReply,
    @Query('body') body: unknown,
  ): Promise<void> {
    const verdict = await this.door(request.raw, { requestId: request.id, address: request.ip });
    if ('headers' in verdict) {
      if (verdict.principal) request.principal = verdict.principal;
      return void reply.code(200).headers(verdict.headers).send();
    }
    const { problem } = verdict;
    request.refusedWith = problem.code;
    void reply.code(problem.status).headers(onOneLine(problem));
    if (body === 'none') return void reply.send();
    void reply.header('Content-Type', problemMediaType).send(problemBody(problem, undocumented, request.id));
  }
}
