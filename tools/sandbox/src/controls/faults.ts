import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A fault that replaces or delays the answer of an operation. */
export interface Fault {
  /** Milliseconds of real time to wait. Alone, it only delays: the operation then answers as usual. */
  readonly delayMs?: number;
  /** Answers with this status and an empty body. */
  readonly status?: number;
  /**
   * `hang` never answers, `reset` drops the connection before the work, `lost` after it; `garbage` is 200 with broken
   * JSON, `html` 200 with a page, `redirect` 302 to one.
   */
  readonly answer?: 'hang' | 'reset' | 'lost' | 'garbage' | 'html' | 'redirect';
  /** The number of requests to affect; without it and `forMs`, the fault lasts until cleared. */
  readonly times?: number;
  /** Milliseconds of real time until the fault clears itself. */
  readonly forMs?: number;
}

/** The operation name that means all operations. */
export const everyOperation = '*';

/** The active faults, by operation name. */
export class Faults {
  readonly #faults = new Map<string, Fault>();
  /** When each time-limited fault clears, on the clock `now`. */
  readonly #ends = new Map<string, number>();

  constructor(
    private readonly known: ReadonlySet<string>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Replaces the fault of `operation`. Throws for a fault that could never happen. */
  set(operation: string, fault: Fault): void {
    if (operation !== everyOperation && !this.known.has(operation))
      throw new Error(`there is no operation ${operation}; there are * and ${[...this.known].join(', ')}`);
    const { delayMs, status, answer } = fault;
    if ([delayMs, status, answer].every((part) => part === undefined))
      throw new Error('a fault needs delayMs, status or answer');
    if (status !== undefined && answer !== undefined)
      throw new Error('a fault cannot have both status and answer');

    this.#faults.set(operation, fault);
    this.#ends.set(operation, this.now() + (fault.forMs ?? Infinity));
  }

  /** Clears the fault of one operation, or all faults. */
  clear(operation?: string): void {
    if (operation === undefined) this.#faults.clear();
    else this.#faults.delete(operation);
  }

  /** Returns the active faults; `forMs` is the time that remains. */
  list(): Record<string, Fault> {
    this.#dropEnded();
    return Object.fromEntries(
      [...this.#faults].map(([operation, fault]) => [
        operation,
        fault.forMs === undefined ? fault : { ...fault, forMs: Math.ceil(this.#leftMs(operation)) },
      ]),
    );
  }

  /** Returns the fault for this request and counts the use. */
  take(operation: string): Fault | undefined {
    this.#dropEnded();
    const name = this.#faults.has(operation) ? operation : everyOperation;
    const fault = this.#faults.get(name);
    if (fault?.times === undefined) return fault;
    if (fault.times > 1) this.#faults.set(name, { ...fault, times: fault.times - 1 });
    else this.#faults.delete(name);
    return fault;
  }

  #dropEnded(): void {
    for (const operation of this.#faults.keys())
      if (this.#leftMs(operation) <= 0) this.#faults.delete(operation);
  }

  #leftMs(operation: string): number {
    return (this.#ends.get(operation) ?? Infinity) - this.now();
  }
}

/** Requests whose connection is dropped once the work is done. */
const lost = new WeakSet<FastifyRequest>();

/** Applies the fault. When it answers, or never will, the reply is sent or hijacked. */
export async function applyFault(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
  if (fault.status !== undefined) await reply.code(fault.status).send();
  else if (fault.answer !== undefined) await answers[fault.answer](reply, request);
}

const answers: Record<
  NonNullable<Fault['answer']>,
  (reply: FastifyReply, request: FastifyRequest) => unknown
> = {
  hang: (reply) => reply.hijack(),
  reset: (reply, request) => {
    reply.hijack();
    request.raw.socket.resetAndDestroy();
  },
  lost: (_reply, request) => lost.add(request),
  garbage: (reply) => reply.type('application/json').send('{"keys":[{"kid":"'),
  html: (reply) => reply.type('text/html').send('<!doctype html><title>Maintenance</title><p>Back soon.'),
  redirect: (reply) => reply.code(302).header('location', '/login').send(),
};

/** Drops the connection of a request that was marked `lost`; to be called when its answer is about to be sent. */
export function dropAnswer(request: FastifyRequest): void {
  if (lost.has(request)) request.raw.socket.resetAndDestroy();
}
