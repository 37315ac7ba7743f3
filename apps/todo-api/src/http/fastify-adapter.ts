import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { trustsProxy } from '#gatehouse/auth';
import { EarlyRefusals } from '#gatehouse/http-edge';
import type { ProblemType } from '#gatehouse/platform';

const bodyLimitBytes = 100_000;
/** How late, at most, a slow request is cut off after its limit. */
const checkedEveryMs = 1_000;
const drainMs = 500;

export interface AdapterSettings {
  readonly trustedProxies: readonly string[];
  readonly problemType: ProblemType;
  /** The longest that a request may take to arrive, headers and body, in milliseconds. */
  readonly requestTimeoutMs?: number;
}

/**
 * Creates Fastify with our limits: JSON bodies only, and problem+json for every refusal, even before there is a
 * request.
 */
export function createAdapter({
  trustedProxies,
  problemType,
  requestTimeoutMs = 30_000,
}: AdapterSettings): FastifyAdapter {
  const early = new EarlyRefusals({ problemType });
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    http: {
      // Node's own refusal has no body; ours is one of the early refusals.
      requireHostHeader: false,
      // Node swaps the two limits if that of the headers, 60 s by default, is the longer one.
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: checkedEveryMs,
    },
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies.length > 0 && trustsProxy(trustedProxies),
    // While draining, a request that arrives on an open connection is served, and the connection is closed.
    return503OnClosing: false,
    clientErrorHandler: early.unreadable,
    frameworkErrors: early.unroutable,
    skipMiddie: true,
  });
  const server = adapter.getInstance();
  early.watch(server);
  acceptJsonOnly(server);
  finishAnswers(server);
  return adapter;
}

function acceptJsonOnly(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Many clients send a content type with a DELETE that has no body.
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
}

/** Adds the headers of every response; while draining it also asks the client to close its connection. */
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
    if (reply.statusCode === 304) void reply.removeHeader('Content-Type');
    // Fastify closes the connection of a body that it refuses. Closed with the rest of the body unread, the connection is
    // reset, and a proxy that is still sending loses the response: the rest is read and discarded instead.
    if (!request.raw.complete) {
      if (!asksToClose(request.headers.connection)) void reply.removeHeader('Connection');
      request.raw.resume();
    }
    if (draining) void reply.header('Connection', 'close');
    done();
  });
}

/** Without the header in the response, the client may send its next request on a connection that closes. */
const asksToClose = (connection = ''): boolean => /(?:^|,)\s*close\s*(?:,|$)/i.test(connection);

/**
 * Delays the closing of idle connections. A closing server stops listening and closes them immediately, and with them
 * requests that are on their way. Kept open for a moment, a connection in use is closed by its client after the next
 * response.
 */
function keepIdleConnections(server: Server): void {
  const cut = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => void setTimeout(cut, drainMs).unref();
}
