import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Witness } from '#gatehouse/auth';

/** A call to FusionAuth, with the name of its operation. */
export interface TracedCall {
  readonly operation: string;
  /** Undefined where no answer came in time. */
  readonly status: number | undefined;
  readonly milliseconds: number;
}

type Refusal = Parameters<Witness['lookedUp']>[0];
export type Step =
  | { readonly kind: 'judged' | 'joined' }
  | { readonly kind: 'looked-up'; readonly refusal: Refusal }
  | ({ readonly kind: 'called' } & TracedCall);
type Decided = Parameters<Witness['decided']>[0];

/** A request that the guard decided, with its steps. It contains no credential, because none is ever read here. */
export interface Trace {
  readonly id: number;
  readonly at: Date;
  readonly method: string;
  /** Without the query; ids are shortened. */
  readonly path: string;
  readonly steps: Step[];
  decided?: Decided;
  status?: number;
  milliseconds?: number;
}

interface Begun extends Trace {
  readonly began: number;
}

const remembered = 5;
const channels = { start: 'http.server.request.start', finish: 'http.server.response.finish' };

/**
 * The last requests that the guard of the Todo API decided. The asynchronous context assigns steps to requests, and
 * Node's own diagnostics channels report when a request starts and finishes. The Todo API therefore needs no code for
 * this except its port for a {@link Witness}.
 */
export class Traces implements Witness {
  readonly #context = new AsyncLocalStorage<Begun>();
  readonly #open = new WeakMap<IncomingMessage, Begun>();
  #last: readonly Trace[] = [];
  #count = 0;

  /** `port` is the port of the Todo API. */
  constructor(private readonly port: number) {
    subscribe(channels.start, this.#begin);
    subscribe(channels.finish, this.#finish);
  }

  /** Newest first. */
  get last(): readonly Trace[] {
    return this.#last;
  }

  close(): void {
    unsubscribe(channels.start, this.#begin);
    unsubscribe(channels.finish, this.#finish);
  }

  asked(step: 'judgement' | 'confirmation'): void {
    if (step === 'judgement') this.#underWay()?.steps.push({ kind: 'judged' });
  }

  joined(): void {
    this.#underWay()?.steps.push({ kind: 'joined' });
  }

  lookedUp(refusal: Refusal): void {
    this.#underWay()?.steps.push({ kind: 'looked-up', refusal });
  }

  called(operation: string, status: number | undefined, milliseconds: number): void {
    this.#underWay()?.steps.push({ kind: 'called', operation, status, milliseconds });
  }

  decided(outcome: Decided): void {
    const trace = this.#underWay();
    if (trace) trace.decided = outcome;
  }

  /** Returns the current request. A timer that a request started runs in its context too, long after its answer. */
  #underWay(): Begun | undefined {
    const trace = this.#context.getStore();
    return trace?.status === undefined ? trace : undefined;
  }

  readonly #begin = (message: unknown): void => {
    const { request, server } = message as { request: IncomingMessage; server: Server };
    if ((server.address() as AddressInfo | null)?.port !== this.port) return;
    const trace: Begun = {
      id: (this.#count += 1),
      at: new Date(),
      began: performance.now(),
      method: request.method ?? '',
      path: shortened(request.url ?? ''),
      steps: [],
    };
    this.#open.set(request, trace);
    this.#context.enterWith(trace);
  };

  readonly #finish = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const trace = this.#open.get(request);
    if (!trace) return;
    trace.status = response.statusCode;
    trace.milliseconds = performance.now() - trace.began;
    if (trace.decided) this.#last = [trace, ...this.#last].slice(0, remembered);
  };
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Returns the path with its ids shortened. A segment that is neither a word nor an id may be a secret, so it is
 * omitted.
 */
const shortened = (url: string): string =>
  (url.split('?', 1)[0] ?? '')
    .split('/')
    .map((part) => (/^[a-z-]{0,20}$/.test(part) ? part : uuid.test(part) ? `…${part.slice(-4)}` : '…'))
    .join('/');
