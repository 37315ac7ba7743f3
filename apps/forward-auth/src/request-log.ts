import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from '#gatehouse/auth';
import { Histogram, type Logger, type Registry } from '#gatehouse/platform';
import type { LastUsed } from '#gatehouse/todo-database';

/** What the line of a question tells beside its route. */
export type LoggedRequest = FastifyRequest & { principal?: Principal; refusedWith?: string };

interface RequestLogParts {
  readonly log: Logger;
  readonly metrics: Registry;
  readonly lastUsed: Pick<LastUsed, 'note'> | undefined;
}

/** One line and one observation a question, when it has been answered; neither names the URL that was asked about. */
export function logRequests(server: FastifyInstance, parts: RequestLogParts): void {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [parts.metrics],
  });
  server.addHook('onResponse', (request: LoggedRequest, reply, done) => {
    const { id: requestId, method, principal, refusedWith: code } = request;
    const route = request.routeOptions.url ?? 'unmatched';
    const status = reply.statusCode;
    const milliseconds = Math.round(reply.elapsedTime * 100) / 100;
    if (principal) parts.lastUsed?.note(principal);
    seconds.observe({ method, route, status }, milliseconds / 1000);
    parts.log.info(
      {
        ...{ requestId, method, route, status, milliseconds },
        ...(code === undefined ? {} : { code }),
        ...(principal ? { credentialId: principal.credentialId, via: principal.via } : {}),
      },
      'request',
    );
    done();
  });
}
