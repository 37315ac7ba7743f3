import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { trustsProxy } from '#gatehouse/auth';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { refuseEarly, refuseUnreadable, refuseUnroutable } from './early-refusals.js';

const bodyLimitBytes = 100_000;
const requestTimeoutMilliseconds = 30_000;
const drainMilliseconds = 500;

/** Fastify with our limits: JSON bodies only, and refusals as problem+json even of what never becomes a request. */
export function createAdapter(trustedProxies: readonly string[]): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMilliseconds,
    // Node's own refusal has no body; ours stands in refuseEarly.
    http: { requireHostHeader: false },
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies.length > 0 && trustsProxy(trustedProxies),
    // While draining, a request that still arrives on an open connection is served, and the connection closed.
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: refuseUnroutable,
    skipMiddie: true,
  });
  const server = adapter.getInstance();
  refuseEarly(server);
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
