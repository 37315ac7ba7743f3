import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { problemBody, ProblemError, problemMediaType } from '#gatehouse/platform';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const bodyLimitBytes = 100_000;
const requestTimeoutMilliseconds = 30_000;
const drainMilliseconds = 500;

/** Fastify with our limits: JSON bodies only, and refusals as problem+json even of what never becomes a request. */
export function createAdapter(trustedProxies: readonly string[]): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMilliseconds,
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // While draining, a request that still arrives on an open connection is served, and the connection closed.
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: refuseUnroutable,
    skipMiddie: true,
  });
  const server = adapter.getInstance();
  acceptJsonOnly(server);
  finishAnswers(server);
  return adapter;
}

function acceptJsonOnly(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Many clients name a content type on a DELETE without a body.
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
}

/** What every answer carries; while draining it also asks the client to close its connection. */
function finishAnswers(server: FastifyInstance): void {
  let draining = false;
  server.addHook('preClose', (done) => {
    draining = true;
    keepIdleConnections(server.server);
    done();
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('X-Request-Id', request.id);
    if (!reply.hasHeader('Cache-Control')) void reply.header('Cache-Control', 'no-store');
    if (draining) void reply.header('Connection', 'close');
    done();
  });
}

/**
 * A closing server stops listening and cuts idle connections at once, and with them requests that are just on their
 * way. Left open for a moment, a connection in use is closed by its client after the next answer.
 */
function keepIdleConnections(server: Server): void {
  const cut = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => void setTimeout(cut, drainMilliseconds).unref();
}

/** What the router refuses before any route is found, such as a path with a broken percent-encoding. */
function refuseUnroutable(
  { statusCode = 400 }: FastifyError,
  { id }: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = new ProblemError(statusCode, 'invalid_request', 'The path of the request is not valid.');
  void reply
    .code(statusCode)
    .type(problemMediaType)
    .header('X-Content-Type-Options', 'nosniff')
    .send(problemBody(problem, id));
}

/** What Node cannot parse: not HTTP, or headers that are too large or too slow. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
  const detail = { 431: 'The headers are too large.', 408: 'The request took too long to arrive.' }[status];
  const problem = new ProblemError(status, 'invalid_request', detail ?? 'This is not a valid HTTP request.');
  const body = JSON.stringify(problemBody(problem, randomUUID()));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
