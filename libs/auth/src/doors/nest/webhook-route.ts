import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import { problemBody, problemHeaders } from '#gatehouse/platform';
import type { Authenticator } from '../../build-authenticator.js';
import { answerToEvent, webhookPath } from '../webhook.js';
import { type AuthenticatedRequest, requestIdOf } from './authenticated-request.js';

/**
 * Takes FusionAuth's events at `POST /webhooks/fusionauth` of a Nest application on Fastify, by
 * `app.register(webhookRoute(authenticator))`; on Express use `webhookListener` of the Node door. A plugin's scope has
 * parsers of its own, and the one of this scope leaves the body unread.
 */
export const webhookRoute =
  (authenticator: Authenticator): FastifyPluginCallback =>
  (scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.post(webhookPath, async (request: FastifyRequest & AuthenticatedRequest, reply) => {
      const problem = await answerToEvent(authenticator, request.raw);
      if (!problem) return reply.code(200).send();
      request.refusedWith = problem.code;
      const body = problemBody(problem, authenticator.problemType, requestIdOf(request));
      return reply.code(problem.status).headers(problemHeaders(problem)).send(body);
    });
    done();
  };
