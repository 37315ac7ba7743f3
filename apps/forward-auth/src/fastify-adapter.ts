import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { trustsProxy } from '#gatehouse/auth';
import { verdictHeader } from '#gatehouse/auth/forward';
import { problemBody, ProblemError, problemMediaType, undocumented } from '#gatehouse/platform';
import { isQuestion } from './verify-listener.js';

const limits = {
  // More than nginx (4 × 8 kB) and HAProxy (16 kB) let through, including the headers that they add.
  maxHeaderSize: 64 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  // Longer than proxies keep an idle connection, so that a proxy never finds it closed.
  keepAliveTimeout: 72_000,
};

/** Creates Fastify with our limits, behind `verify`, which handles the requests to `/verify`. */
export function createAdapter(trustedProxies: readonly string[], verify: RequestListener): FastifyAdapter {
  const adapter = new FastifyAdapter({
    serverFactory: (others: RequestListener) => serve(verify, others),
    genReqId: () => randomUUID(),
    trustProxy: trustsProxy(trustedProxies),
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    skipMiddie: true,
  });
  adapter.getInstance().addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
    done();
  });
  return adapter;
}

function serve(verify: RequestListener, others: RequestListener): Server {
  const server = createServer(limits, (request, response) => {
    if (!isQuestion(request.url)) return others(request, response);
    // Like Fastify: while closing, a connection in use is closed after the response.
    if (!server.listening) response.setHeader('Connection', 'close');
    verify(request, response);
  });
  return server;
}

/** Answers what Node cannot parse; the proxy passes the refusal on to its client. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const problem = tooLarge
    ? new ProblemError(431, 'invalid_request', 'The headers are too large.')
    : new ProblemError(400, 'invalid_request', 'This is not a valid HTTP request.');
  const body = JSON.stringify(problemBody(problem, undocumented));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `${verdictHeader}: refused`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
