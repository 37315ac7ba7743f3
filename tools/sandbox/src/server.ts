import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { requireApiKey } from './access/api-key.js';
import { type Answer, invalidRequest, notImplemented, Refusal, toJson } from './answer.js';
import { jsonTypes } from './body.js';
import { convertBody, idsInOneCase, withoutNulls } from './conversion.js';
import { obeyCors } from './cors.js';
import type { ApiRequest, Instance } from './instance.js';
import { operations } from './operations/index.js';
import { lackingOperations, type PathAndMethod, wrongMethods } from './operations/not-implemented.js';
import { nameOf, type Operation } from './operations/operation.js';
import type { ApiKeyRecord } from './state/state.js';

/** Room for an import of ten thousand users, or for a theme. */
const bodyLimitBytes = 16 * 1024 * 1024;

/**
 * Builds the HTTP server of FusionAuth's API, without faults and controls. With `caller` it requires no API key and
 * uses that one.
 */
export function buildServer(instance: Instance, caller?: ApiKeyRecord): FastifyInstance {
  const server = fastify({ bodyLimit: bodyLimitBytes, forceCloseConnections: true, exposeHeadRoutes: false });
  acceptBodies(server);
  obeyCors(server, instance);
  for (const operation of operations) {
    server.route({
      method: operation.method,
      url: operation.path,
      config: { operation: operation.name, ignoresText: operation.ignoresText === true },
      handler: async (request, reply) => {
        try {
          return await send(reply, await perform(operation, request, instance, caller));
        } finally {
          // A refusal may change the state too: reuse of a refresh token can revoke its session.
          if (operation.method !== 'GET') instance.changed();
        }
      },
    });
  }
  refuseOthers(server);
  server.setNotFoundHandler(({ method, url }, reply) =>
    send(reply, notImplemented(`${method} ${pathOf(url)}`).answer),
  );
  server.setErrorHandler((error, request, reply) => send(reply, answerTo(error, request, instance)));
  // The date header follows the sandbox's clock, like everything else.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('date', new Date(instance.now()).toUTCString());
    done();
  });
  return server;
}

/** Answers 501 and 405 before the body is read, which may be of any type. */
function refuseOthers(server: FastifyInstance): void {
  for (const one of lackingOperations)
    refuse(server, one, notImplemented(`${one.method} ${one.path}`).answer);
  for (const one of wrongMethods(operations)) refuse(server, one, { status: 405 });
}

function refuse(server: FastifyInstance, { method, path }: PathAndMethod, answer: Answer): void {
  const handler = async (_request: FastifyRequest, reply: FastifyReply) => send(reply, answer);
  server.route({
    method,
    url: path,
    config: { operation: `${method} ${path}` },
    onRequest: handler,
    handler,
  });
}

async function perform(
  operation: Operation,
  request: FastifyRequest,
  instance: Instance,
  caller: ApiKeyRecord | undefined,
): Promise<Answer> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  const apiRequest: ApiRequest = {
    params: request.params as ApiRequest['params'],
    query: idsInOneCase(queryOf(request)),
    form: idsInOneCase(request.body instanceof URLSearchParams ? request.body : new URLSearchParams()),
    json: request.body instanceof URLSearchParams ? undefined : jsonOf(request),
    mediaType: headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '',
    headers,
    baseUrl: `${request.protocol}://${request.host}`,
  };
  if (caller) return operation.handle({ ...apiRequest, apiKey: caller }, instance);
  if (operation.access === 'anyone') return operation.handle(apiRequest, instance);
  const apiKey = requireApiKey(instance.state, headers['authorization'], operation, instance.now());
  return operation.handle({ ...apiRequest, apiKey }, instance);
}

/** Returns the start of the path, without the query, which may contain secrets. */
const pathOf = (url: string): string => (url.split('?')[0] ?? '').slice(0, 200);

/** Returns the query. A redirect URI in it may contain a question mark (RFC 3986 section 3.4). */
const queryOf = ({ url }: FastifyRequest): URLSearchParams =>
  new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');

/** Deeper JSON is refused before any code walks through it recursively. No body of FusionAuth's API comes near. */
const maximumDepth = 500;

function jsonOf({ method, body }: FastifyRequest): unknown {
  if (isDeeperThan(maximumDepth, body))
    throw invalidRequest('invalidJSON', `The request body is nested more than ${maximumDepth} levels deep.`);
  const json = convertBody(body);
  return method === 'PATCH' ? json : withoutNulls(json);
}

const isDeeperThan = (levels: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((item) => isDeeperThan(levels - 1, item)));

export function send(reply: FastifyReply, { status, body, headers = {} }: Answer): FastifyReply {
  reply.code(status);
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (body === undefined) return reply.send();
  if (typeof body === 'string') return reply.type('text/html; charset=utf-8').send(body);
  return reply.type('application/json;charset=UTF-8').send(toJson(body));
}

function answerTo(error: unknown, request: FastifyRequest, instance: Instance): Answer {
  if (error instanceof Refusal) return error.answer;
  const { statusCode = 500, code } = error as { statusCode?: number; code?: string };
  if (statusCode >= 500) {
    instance.log.error({ err: error, operation: nameOf(request) }, 'operation failed');
    return { status: 500 };
  }
  if (statusCode !== 400) return { status: statusCode };
  return invalidRequest('invalidJSON', `The request body cannot be read (${code ?? 'malformed'}).`).answer;
}

const unsupportedMediaType = () => Object.assign(new Error('unsupported media type'), { statusCode: 415 });

function acceptBodies(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  const asJson: Parameters<FastifyInstance['addContentTypeParser']>[2] = (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body as unknown as string, done);
  };
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(jsonTypes, { parseAs: 'string' }, asJson);
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(body as string)),
  );
  // The media type that needs no preflight (Fetch standard, CORS-safelisted request-header).
  server.addContentTypeParser('text/plain', { parseAs: 'string' }, (request, _body, done) =>
    request.routeOptions.config.ignoresText ? done(null, undefined) : done(unsupportedMediaType()),
  );
}
