import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from '#gatehouse/auth';
import { Histogram, type Logger, type Registry } from '#gatehouse/platform';
import type { LastUsed } from '#gatehouse/todo-database';

/** What the line of a request tells beside its route. */
export type LoggedRequest = FastifyRequest & {
  principal?: Principal;
  /** The code of the problem that it was answered with. */
  refusedWith?: string;
};

export interface RequestLogParts {
  readonly log: Logger;
  readonly metrics: Registry;
  readonly lastUsed: Pick<LastUsed, 'note'>;
}

/**
 * One line and one observation a request, when its answer has been sent. Both name the route's pattern, never the URL:
 * a query may hold a token, and a path an id of someone's.
 */
export function logRequests(server: FastifyInstance, { log, metrics, lastUsed }: RequestLogParts): void {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  server.addHook('onResponse', (request: LoggedRequest, reply, done) => {
    const { id: requestId, method, principal, refusedWith: code } = request;
    const route = request.routeOptions.url ?? 'unmatched';
    const status = reply.statusCode;
    const milliseconds = Math.round(reply.elapsedTime * 100) / 100;
    if (principal) lastUsed.note(principal);
    seconds.observe({ method, route, status }, milliseconds / 1000);
    log.info(
      {
        requestId,
        method,
        route,
        status,
        milliseconds,
        ...(code === undefined ? {} : { code }),
        ...(principal ? { credentialId: principal.credentialId, via: principal.via } : {}),
      },
      'request',
    );
    done();
  });
}
