import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#gatehouse/platform';
import type { WebhookRecord } from '../state/state.js';
import type { WebhookCallResponse } from '../wire.js';
import { post } from './post.js';

/** A disturbance of deliveries; omitted members have no effect. */
interface Disturbance {
  /** Sends each delivery twice, like a proxy that repeats requests. */
  readonly duplicate?: boolean;
  /** Loses each delivery; FusionAuth sees a failed attempt. */
  readonly lose?: boolean;
  /** Milliseconds of real time that each delivery waits. Delaying one of two changes their order. */
  readonly delayMs?: number;
  /** The number of deliveries to disturb; without it, until cleared. */
  readonly times?: number;
}

/** One delivery to one webhook, without its content. */
interface Delivery {
  /** Milliseconds since the epoch on the sandbox's clock. */
  readonly at: number;
  readonly eventId: string;
  readonly type: string;
  readonly webhookId: string;
  /** Milliseconds for which it was delayed. */
  readonly delayMs: number;
  outcome: 'travelling' | 'answered' | 'failed' | 'lost';
  status?: number;
  /** From the attempt to the answer, in real time. */
  milliseconds?: number;
}

/** The content of a delivery: the same bytes for every receiver. */
export interface Payload {
  readonly eventId: string;
  readonly type: string;
  readonly body: Buffer;
}

const maximumDeliveries = 1000;

/** Delivers events to webhooks, disturbed as tests request, and tracks the deliveries in progress. */
export class Courier {
  #deliveries: Delivery[] = [];
  #disturbance: Disturbance = {};
  #commitAfterMs = 0;
  #stop = new AbortController();
  readonly #travelling = new Set<Promise<unknown>>();

  constructor(private readonly now: Clock) {}

  /** Replaces the current disturbance. */
  disturb(disturbance: Disturbance): void {
    this.#disturbance = disturbance;
  }

  get disturbance(): Disturbance {
    return this.#disturbance;
  }

  /**
   * Delays commits until the given milliseconds after their event was sent, like a busy FusionAuth; 0 means no delay.
   */
  commitAfter(milliseconds: number): void {
    this.#commitAfterMs = milliseconds;
  }

  get commitAfterMs(): number {
    return this.#commitAfterMs;
  }

  /** Stops the disturbance and deletes the recorded deliveries. */
  clear(): void {
    this.#disturbance = {};
    this.#commitAfterMs = 0;
    this.#deliveries = [];
  }

  /** The last thousand, oldest first. */
  deliveries(): readonly Delivery[] {
    return this.#deliveries.slice(-maximumDeliveries);
  }

  /** Resolves when no delivery is in progress, including retries. */
  async settled(): Promise<void> {
    while (this.#travelling.size > 0) await Promise.all(this.#travelling);
  }

  /** Aborts all deliveries in progress; their transactions fail. */
  abandon(): void {
    this.close();
    this.#stop = new AbortController();
  }

  /** Aborts all deliveries and stops sending. */
  close(): void {
    this.#stop.abort(new Error('The sandbox stopped sending'));
  }

  /** Aborts when the deliveries that start now are aborted. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Counts `work` among the deliveries in progress until it settles. It must not reject. */
  track<Result>(work: Promise<Result>): Promise<Result> {
    const tracked = work.finally(() => this.#travelling.delete(tracked));
    this.#travelling.add(tracked);
    return tracked;
  }

  /** Makes one attempt to deliver; `signature` is computed when the payload is sent. Never rejects. */
  async deliver(
    webhook: WebhookRecord,
    payload: Payload,
    signature: () => Promise<string | undefined>,
    signal: AbortSignal,
  ): Promise<WebhookCallResponse> {
    const { lose, duplicate, delayMs = 0 } = this.#takeDisturbance();
    const entry = this.#open(webhook, payload, delayMs);
    const again = duplicate ? this.#open(webhook, payload, delayMs) : undefined;
    try {
      if (delayMs > 0) await sleep(delayMs, undefined, { signal, ref: false });
      if (lose) throw new Error('Lost on the way, by a control of the sandbox');
      const signed = await signature();
      const send = (one: Delivery) => this.#send(webhook, payload.body, signed, signal, one);
      const answer = await send(entry);
      if (again) await send(again);
      return answer;
    } catch (error) {
      entry.outcome = lose ? 'lost' : 'failed';
      if (again) again.outcome = entry.outcome;
      return { url: webhook.url, exception: (error as Error).message };
    }
  }

  async #send(
    webhook: WebhookRecord,
    body: Buffer,
    signature: string | undefined,
    signal: AbortSignal,
    entry: Delivery,
  ): Promise<WebhookCallResponse> {
    const start = performance.now();
    const answer = await post(webhook, body, signature, signal);
    entry.milliseconds = Math.round(performance.now() - start);
    entry.outcome = answer.statusCode === undefined ? 'failed' : 'answered';
    if (answer.statusCode !== undefined) entry.status = answer.statusCode;
    return answer;
  }

  #open({ id }: WebhookRecord, { eventId, type }: Payload, delayMs: number): Delivery {
    const entry: Delivery = {
      at: this.now(),
      eventId,
      type,
      webhookId: id,
      delayMs,
      outcome: 'travelling',
    };
    this.#deliveries.push(entry);
    if (this.#deliveries.length > 2 * maximumDeliveries)
      this.#deliveries = this.#deliveries.slice(-maximumDeliveries);
    return entry;
  }

  #takeDisturbance(): Disturbance {
    const taken = this.#disturbance;
    if (taken.times !== undefined)
      this.#disturbance = taken.times > 1 ? { ...taken, times: taken.times - 1 } : {};
    return taken;
  }
}
