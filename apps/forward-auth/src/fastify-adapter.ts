import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { trustsProxy } from '#gatehouse/auth';
import { verdictHeader } from '#gatehouse/auth/forward';
import { problemBody, ProblemError, problemMediaType, undocumented } from '#gatehouse/platform';

/** Above what nginx (4 × 8 kB) and HAProxy (16 kB) let through with the headers that they add. */
const maxHeaderBytes = 64 * 1024;
const requestTimeoutMs = 10_000;

/** Fastify with our limits, and every answer to a question marked as ours and never to be stored. */
export function createAdapter(trustedProxies: readonly string[]): FastifyAdapter {
  const adapter = new FastifyAdapter({
    requestTimeout: requestTimeoutMs,
    http: { maxHeaderSize: maxHeaderBytes, headersTimeout: requestTimeoutMs },
    genReqId: () => randomUUID(),
    trustProxy: trustsProxy(trustedProxies),
    rewriteUrl: withoutAskedPath,
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    skipMiddie: true,
  });
  markAnswers(adapter.getInstance());
  return adapter;
}

/** Envoy writes the path of its client's request behind ours, where no router is to read it. */
const withoutAskedPath = ({ url = '' }: { url?: string | undefined }): string =>
  url.startsWith('/verify/') ? '/verify' : url;

function markAnswers(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
    if (request.routeOptions.url === '/verify')
      void reply.header(verdictHeader, reply.statusCode === 200 ? 'accepted' : 'refused');
    done();
  });
}

/** What Node cannot parse; the proxy passes the refusal on as an answer to its client. */
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
