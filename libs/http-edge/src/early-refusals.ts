import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { problemBody, ProblemError, problemMediaType, type ProblemType } from '#gatehouse/platform';
import type { LoggedRequest } from './request-log.js';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface RefusalSettings {
  readonly problemType: ProblemType;
  /** Headers of every early refusal, besides those that all have. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Refuses requests that never reach a route. */
export class EarlyRefusals {
  /** The last request with a body on each connection, in case the rest of the body turns out to be unreadable. */
  readonly #exchanges = new WeakMap<Socket, Exchange>();

  constructor(private readonly settings: RefusalSettings) {}

  /** Refuses requests that are invalid for every route. */
  watch(server: FastifyInstance): void {
    // Node would answer an unknown expectation without a body; RFC 9110 section 10.1.1 allows us to ignore it.
    server.server.on('checkExpectation', (request, response) =>
      server.server.emit('request', request, response),
    );
    server.addHook('onRequest', (request: LoggedRequest, reply, done) => {
      this.note(request.raw, reply.raw);
      if (hasOneHost(request.raw)) done();
      else this.#send(reply, invalidRequest(400, 'The request must have exactly one Host header.'), request);
    });
  }

  /** Notes a request that is about to be answered; for a listener in front of Fastify. */
  note(request: IncomingMessage, response: ServerResponse): void {
    const { headers } = request;
    if ('content-length' in headers || 'transfer-encoding' in headers)
      this.#exchanges.set(request.socket, { request, response });
  }

  /**
   * Answers requests that the router refuses before it finds a route, such as a path with a broken percent-encoding.
   */
  readonly unroutable = ({ statusCode }: FastifyError, request: LoggedRequest, reply: FastifyReply): void => {
    const problem =
      statusCode === 414
        ? new ProblemError(414, 'uri_too_long', 'A part of the path is too long.')
        : invalidRequest(400, 'The path of the request is not valid.');
    this.#send(reply, problem, request);
  };

  /** Answers what Node cannot parse: not HTTP, or headers that are too large or too slow. */
  readonly unreadable = (error: Error & { code?: string }, socket: Socket): void => {
    const last = this.#exchanges.get(socket);
    // A request is answered once: a second response would be taken for that of the next request.
    const answered = last !== undefined && !last.request.complete && last.response.headersSent;
    if (answered) return socket.destroySoon();
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
    const detail = { 431: 'The headers are too large.', 408: 'The request took too long to arrive.' }[status];
    const requestId = randomUUID();
    const problem = invalidRequest(status, detail ?? 'This is not a valid HTTP request.');
    const body = JSON.stringify(problemBody(problem, this.settings.problemType, requestId));
    const headers = {
      ...this.#headersOf(requestId),
      'Content-Length': Buffer.byteLength(body),
      Connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  };

  #send(reply: FastifyReply, problem: ProblemError, request: LoggedRequest): void {
    const { id: requestId } = request;
    request.refusedWith = problem.code;
    const body = problemBody(problem, this.settings.problemType, requestId);
    void reply.code(problem.status).headers(this.#headersOf(requestId)).send(body);
  }

  /** Returns the headers of an early refusal, which the hooks that complete responses do not see. */
  #headersOf(requestId: string): Record<string, string> {
    return {
      ...this.settings.headers,
      'Content-Type': problemMediaType,
      'X-Request-Id': requestId,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    };
  }
}

/**
 * Tells whether there is exactly one Host header. A proxy in front may read two differently (RFC 9112 section 3.2);
 * HTTP/1.0 does not need one.
 */
function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

const invalidRequest = (status: number, detail: string) =>
  new ProblemError(status, 'invalid_request', detail);
