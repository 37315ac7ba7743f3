import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { problemBody, ProblemError, problemHeaders } from '#gatehouse/platform';
import type { Authenticator } from '../../build-authenticator.js';
import { answerToEvent, webhookPath } from '../webhook.js';
import { type AuthenticatedRequest, requestIdOf } from './authenticated-request.js';

type Asked = FastifyRequest & AuthenticatedRequest;

const notJson = () => new ProblemError(415, 'unsupported_media_type', 'Send the event as application/json.');

/**
 * Returns the plugin that takes FusionAuth's events at `POST /webhooks/fusionauth` of a Nest application on Fastify:
 * `app.register(webhookRoute(authenticator))`. On Express use `webhookListener` of the Node door. A plugin's scope
 * has its own parsers, and this one leaves the body unread.
 */
export const webhookRoute =
  (authenticator: Authenticator): FastifyPluginCallback =>
  (scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    const refuse = (problem: ProblemError, request: Asked, reply: FastifyReply) => {
      request.refusedWith = problem.code;
      const body = problemBody(problem, authenticator.problemType, requestIdOf(request));
      return reply.code(problem.status).headers(problemHeaders(problem)).send(body);
    };
    // Fastify refuses a malformed Content-Type before any parser; nothing else fails here.
    scope.setErrorHandler((_error, request, reply) => refuse(notJson(), request, reply));
    scope.post(webhookPath, async (request, reply) => {
      const problem = await answerToEvent(authenticator, request.raw);
      return problem ? refuse(problem, request, reply) : reply.code(200).send();
    });
    done();
  };
