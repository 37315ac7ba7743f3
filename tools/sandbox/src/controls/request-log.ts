import type { FastifyInstance } from 'fastify';
import { isForTheSandbox } from '../console/own-paths.js';
import type { Instance } from '../instance.js';
import { nameOf } from '../operations/operation.js';
import { type Caller, callerOf } from './caller.js';
import { applyFault, dropAnswer, type Faults } from './faults.js';

/** One request that the sandbox received. */
interface RequestEntry {
  /** Milliseconds since the epoch on the sandbox's clock. */
  readonly at: number;
  /** `GET /api/user` for example. */
  readonly operation: string;
  /** The requested path, without the query. */
  readonly path: string;
  /** Missing where the request names nobody. */
  by?: Caller | undefined;
  /** Missing until an answer is sent, and always after `hang`, `reset` or `lost`. */
  status?: number;
  milliseconds?: number;
}

const maximumEntries = 1000;

/** The last thousand requests, and the number of calls of each operation since the last clearing. */
export class RequestLog {
  #entries: RequestEntry[] = [];
  readonly #counts = new Map<string, number>();

  open(entry: RequestEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > 2 * maximumEntries) this.#entries = this.#entries.slice(-maximumEntries);
    this.#counts.set(entry.operation, this.count(entry.operation) + 1);
  }

  /** Oldest first. */
  list(): readonly RequestEntry[] {
    return this.#entries.slice(-maximumEntries);
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

/** Counts every request and applies the faults; requests to the controls and the page are skipped. */
export function watchRequests(
  server: FastifyInstance,
  instance: Instance,
  controls: { readonly faults: Faults; readonly requests: RequestLog },
): void {
  const open = new WeakMap<object, RequestEntry>();
  server.addHook('onRequest', async (request, reply) => {
    if (isForTheSandbox(request.url)) return;
    const operation = nameOf(request);
    const entry: RequestEntry = {
      at: instance.now(),
      operation,
      path: request.url.split('?')[0] ?? '',
      by: callerOf(request, instance.state),
    };
    open.set(request, entry);
    controls.requests.open(entry);
    const fault = controls.faults.take(operation);
    if (fault) await applyFault(fault, request, reply);
  });
  server.addHook('onSend', (request, _reply, payload, done) => {
    dropAnswer(request);
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const entry = open.get(request);
    if (!entry) return done();
    // The form has been parsed by now.
    entry.by ??= callerOf(request, instance.state);
    entry.status = reply.statusCode;
    entry.milliseconds = Math.round(reply.elapsedTime);
    instance.log.debug(
      { operation: entry.operation, status: entry.status, ms: entry.milliseconds },
      'request',
    );
    done();
  });
}
