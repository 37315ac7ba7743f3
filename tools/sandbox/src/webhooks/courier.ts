import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#gatehouse/platform';
import type { WebhookRecord } from '../state/state.js';
import type { WebhookCallResponse } from '../wire.js';
import { post } from './post.js';

/** What happens to deliveries on their way; what is left out does not happen. */
export interface Disturbance {
  /** Each is sent a second time, as by a proxy that repeats. */
  readonly duplicate?: boolean;
  /** None arrives; FusionAuth sees a failed attempt. */
  readonly lose?: boolean;
  /** Milliseconds of real time that each waits. Delay one of two and they change their order. */
  readonly delayMs?: number;
  /** This number of deliveries; without it until cleared. */
  readonly times?: number;
}

/** One delivery to one webhook, without what it said. */
export interface Delivery {
  /** Milliseconds since the epoch on the sandbox's clock. */
  readonly at: number;
  readonly eventId: string;
  readonly type: string;
  readonly webhookId: string;
  /** Milliseconds for which it was held back. */
  readonly delayMs: number;
  outcome: 'travelling' | 'answered' | 'failed' | 'lost';
  status?: number;
  /** From the attempt to the answer, in real time. */
  milliseconds?: number;
}

/** What is sent: the same bytes to every receiver. */
export interface Parcel {
  readonly eventId: string;
  readonly type: string;
  readonly body: Buffer;
}

const kept = 1000;

/** Carries events to webhooks, disturbed as tests wish, and knows what is on its way. */
export class Courier {
  #deliveries: Delivery[] = [];
  #disturbance: Disturbance = {};
  #commitAfterMs = 0;
  #stop = new AbortController();
  readonly #travelling = new Set<Promise<unknown>>();

  constructor(private readonly now: Clock) {}

  /** Replaces the disturbance in force. */
  disturb(disturbance: Disturbance): void {
    this.#disturbance = disturbance;
  }

  get disturbance(): Disturbance {
    return this.#disturbance;
  }

  /** Stores changes the given milliseconds after their event has left, as a busy FusionAuth does; 0 is at once. */
  commitAfter(milliseconds: number): void {
    this.#commitAfterMs = milliseconds;
  }

  get commitAfterMs(): number {
    return this.#commitAfterMs;
  }

  /** Ends the disturbance and forgets the deliveries. */
  clear(): void {
    this.#disturbance = {};
    this.#commitAfterMs = 0;
    this.#deliveries = [];
  }

  /** The last thousand, oldest first. */
  deliveries(): readonly Delivery[] {
    return this.#deliveries.slice(-kept);
  }

  /** Resolves when nothing travels any more, with all repetitions. */
  async settled(): Promise<void> {
    while (this.#travelling.size > 0) await Promise.all(this.#travelling);
  }

  /** Gives up everything that travels; its transactions fail. */
  abandon(): void {
    this.close();
    this.#stop = new AbortController();
  }

  /** The same, and sends nothing any more. */
  close(): void {
    this.#stop.abort(new Error('The sandbox stopped sending'));
  }

  /** Aborts when what begins now is given up. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Counts `work` among what travels until it is done. It must not reject. */
  track<Result>(work: Promise<Result>): Promise<Result> {
    const tracked = work.finally(() => this.#travelling.delete(tracked));
    this.#travelling.add(tracked);
    return tracked;
  }

  /** Makes one attempt to deliver; `signature` is computed once the parcel leaves. Never rejects. */
  async deliver(
    webhook: WebhookRecord,
    parcel: Parcel,
    signature: () => Promise<string | undefined>,
    signal: AbortSignal,
  ): Promise<WebhookCallResponse> {
    const { lose, duplicate, delayMs = 0 } = this.#takeDisturbance();
    const entry = this.#open(webhook, parcel, delayMs);
    const again = duplicate ? this.#open(webhook, parcel, delayMs) : undefined;
    try {
      if (delayMs > 0) await sleep(delayMs, undefined, { signal, ref: false });
      if (lose) throw new Error('Lost on the way: a control of the sandbox');
      const signed = await signature();
      const send = (one: Delivery) => this.#send(webhook, parcel.body, signed, signal, one);
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

  #open({ id }: WebhookRecord, { eventId, type }: Parcel, delayMs: number): Delivery {
    const entry: Delivery = {
      at: this.now(),
      eventId,
      type,
      webhookId: id,
      delayMs,
      outcome: 'travelling',
    };
    this.#deliveries.push(entry);
    if (this.#deliveries.length > 2 * kept) this.#deliveries = this.#deliveries.slice(-kept);
    return entry;
  }

  #takeDisturbance(): Disturbance {
    const taken = this.#disturbance;
    if (taken.times !== undefined)
      this.#disturbance = taken.times > 1 ? { ...taken, times: taken.times - 1 } : {};
    return taken;
  }
}
