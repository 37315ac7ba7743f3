import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from '#gatehouse/auth';
import { Histogram, type Logger, type Registry } from '#gatehouse/platform';
import type { LastUsed } from '#gatehouse/todo-database';

/** A request with the members that its log line reports besides the route. */
export type LoggedRequest = FastifyRequest & {
  principal?: Principal;
  /** The code of the problem sent as its response. */
  refusedWith?: string;
};

interface RequestLogParts {
  readonly log: Logger;
  readonly metrics: Registry;
  readonly lastUsed: Pick<LastUsed, 'note'> | undefined;
}

/** A request that has been answered. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  /** The pattern of the route, from a closed list. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
  /** The code of the problem sent as its response. */
  readonly code?: string | undefined;
  readonly principal?: Principal | undefined;
}

export type RecordRequest = (answered: AnsweredRequest) => void;

/**
 * Returns a function that logs one line and makes one observation for a request, and notes the use of its credential.
 * Line and metric name the pattern of the route, never the URL: a query may contain a token, and a path a private ID.
 */
export function requestRecorder({ log, metrics, lastUsed }: RequestLogParts): RecordRequest {
  const observe = requestDurations(metrics);
  return ({ milliseconds: taken, code, principal, ...named }) => {
    if (principal) lastUsed?.note(principal);
    observe(named, taken / 1000);
    const line = { ...named, milliseconds: Math.round(taken * 100) / 100 };
    if (code === undefined && !principal) return log.info(line, 'request');
    log.info(
      {
        ...line,
        ...(code === undefined ? {} : { code }),
        ...(principal ? { credentialId: principal.credentialId, via: principal.via } : {}),
      },
      'request',
    );
  };
}

type Labels = Pick<AnsweredRequest, 'method' | 'route' | 'status'>;

/** Caches the histogram of each set of labels, because finding it costs more than an observation. */
function requestDurations(metrics: Registry): (labels: Labels, seconds: number) => void {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its response.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  const found = new Map<string, { observe(seconds: number): void }>();
  return ({ method, route, status }, seconds) => {
    const key = `${method} ${route} ${status}`;
    let one = found.get(key);
    if (!one) found.set(key, (one = durations.labels({ method, route, status })));
    one.observe(seconds);
  };
}

/** Records each request that Fastify answers, once its response has been sent. */
export function recordAnswers(server: FastifyInstance, record: RecordRequest): void {
  server.addHook('onResponse', (request: LoggedRequest, reply, done) => {
    const { id: requestId, method, principal, refusedWith: code } = request;
    const route = request.routeOptions.url ?? 'unmatched';
    record({
      ...{ requestId, method, route, status: reply.statusCode, milliseconds: reply.elapsedTime },
      ...{ code, principal },
    });
    done();
  });
}
