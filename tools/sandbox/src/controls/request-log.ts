import type { FastifyInstance } from 'fastify';
import type { Clock, Logger } from '#gatehouse/platform';
import { nameOf } from '../operations/operation.js';
import { type Faults, inflict, loseAnswer } from './faults.js';

/** One request that the sandbox received. */
interface RequestEntry {
  /** Milliseconds since the epoch on the sandbox's clock. */
  readonly at: number;
  /** `GET /api/user` for example. */
  readonly operation: string;
  /** The path as it was asked for, without the query. */
  readonly path: string;
  /** Missing while no answer was sent, and for good after `hang`, `reset` or `lost`. */
  status?: number;
  milliseconds?: number;
}

const kept = 1000;

/** The last thousand requests, and how many there were of each operation since the last clearing. */
export class RequestLog {
  #entries: RequestEntry[] = [];
  readonly #counts = new Map<string, number>();

  open(entry: RequestEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > 2 * kept) this.#entries = this.#entries.slice(-kept);
    this.#counts.set(entry.operation, this.count(entry.operation) + 1);
  }

  /** Oldest first. */
  list(): readonly RequestEntry[] {
    return this.#entries.slice(-kept);
  }

  count(operation: string): number {
    return this.#counts.get(operation) ?? 0;
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  clear(): void {
    this.#entries = [];
    this.#counts.clear();
  }
}

/** Counts every request and lets the faults happen; the controls themselves are left alone. */
export function watchRequests(
  server: FastifyInstance,
  controls: { readonly clock: { now: Clock }; readonly faults: Faults; readonly requests: RequestLog },
  log: Logger,
): void {
  const open = new WeakMap<object, RequestEntry>();
  server.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/_sandbox')) return;
    const operation = nameOf(request);
    const entry: RequestEntry = {
      at: controls.clock.now(),
      operation,
      path: request.url.split('?')[0] ?? '',
    };
    open.set(request, entry);
    controls.requests.open(entry);
    const fault = controls.faults.take(operation);
    if (fault) await inflict(fault, request, reply);
  });
  server.addHook('onSend', (request, _reply, payload, done) => {
    loseAnswer(request);
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const entry = open.get(request);
    if (!entry) return done();
    entry.status = reply.statusCode;
    entry.milliseconds = Math.round(reply.elapsedTime);
    log.debug({ operation: entry.operation, status: entry.status, ms: entry.milliseconds }, 'request');
    done();
  });
}
