import type { Clock, Logger } from '#gatehouse/platform';
import type { Awaitable } from '../../core/awaitable.js';
import type { StrategyReadiness } from '../../core/strategy.js';
import { isWithoutKeys, keySetReader, noUsableKey } from './key-set-reader.js';
import type { PublicKey } from './public-key.js';

export interface KeySourceSettings {
  /** Fetches the issuer's key set (RFC 7517 section 5); rejects if the endpoint does not answer with JSON in time. */
  readonly fetchKeySet: () => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Logger;
}

export type FoundKey =
  | { readonly kind: 'found'; readonly key: PublicKey }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' };

const refreshMs = 60_000;
const retryMs = 2_000;
/** Least time between two fetches that unknown key ids cause, and between the two answers that withdraw a key. */
const forcedGapMs = 5_000;
const unreadable = 'the key set of FusionAuth cannot be read';
/** How long the last valid set is used while the endpoint fails. */
const staleLimitMs = 3_600_000;

/**
 * The issuer's public keys, in memory. jwks-rsa parses; its own cache is not used, because it makes a call for
 * every unknown key id, or else delays requests and refuses a rotated key. Here a flood of unknown ids causes one
 * fetch every 5 s, and a rotated key is accepted within that time. While the endpoint fails, the last valid set is
 * used for an hour. A key is withdrawn only if two valid answers 5 s apart lack it, because one replica may lag.
 */
export class KeySource {
  /** Changes when a key is withdrawn or replaced, which invalidates verdicts made with it. */
  generation = 0;

  readonly #keys = new Map<string, PublicKey>();
  readonly #absentSince = new Map<string, number>();
  readonly #read: () => Promise<ReadonlyMap<string, PublicKey>>;
  readonly #clock: Clock;
  readonly #log: Logger;
  #goodAt: number | undefined;
  #failing = false;
  #reason = unreadable;
  #started = false;
  #forcedAt = -Infinity;
  #announced = false;
  #dueAt = -Infinity;
  #pending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ fetchKeySet, clock, log }: KeySourceSettings) {
    this.#read = keySetReader(fetchKeySet);
    this.#clock = clock;
    this.#log = log;
  }

  /** Fetches now and then on schedule; resolves after the first attempt, successful or not. */
  start(): Promise<void> {
    this.#started = true;
    return this.refresh();
  }

  close(): void {
    this.#started = false;
    clearTimeout(this.#timer);
  }

  /** Finds a key by its id; synchronous if it is cached. */
  find(kid: string): Awaitable<FoundKey> {
    return this.#held(kid) ?? this.#lookUp(kid);
  }

  /** Tells whether the last valid set contains a key with this id; true if none has been read so far. */
  mayHold(kid: string): boolean {
    return this.#goodAt === undefined || this.#keys.has(kid);
  }

  /**
   * Handles an announced change of keys. Fetches now, as for an unknown key id, and again 5 s later: FusionAuth
   * announces a change before it commits it, and two answers are needed to withdraw a key.
   */
  announced(): void {
    this.#announced = true;
    if (this.#mayForce()) void this.#force();
    else if (!this.#pending) this.#schedule();
  }

  async #lookUp(kid: string): Promise<FoundKey> {
    if (this.#pending) await this.#pending;
    else if (this.#mayForce()) await this.#force();
    return this.#held(kid) ?? { kind: this.#serves() && !this.#failing ? 'unknown' : 'unavailable' };
  }

  #mayForce(): boolean {
    return !this.#pending && this.#clock() - this.#forcedAt >= forcedGapMs;
  }

  #force(): Promise<void> {
    this.#forcedAt = this.#clock();
    return this.refresh();
  }

  /** Fetches now, or joins a fetch in progress. */
  refresh(): Promise<void> {
    return (this.#pending ??= this.#fetch().finally(() => (this.#pending = undefined)));
  }

  /** Fetches if a fetch is due, for a process whose timers do not run because it is frozen between requests. */
  catchUp(): Awaitable<void> {
    return this.#clock() < this.#dueAt ? undefined : this.refresh();
  }

  readiness(): StrategyReadiness {
    const reasons = this.#failing || this.#goodAt === undefined ? [this.#reason] : [];
    return this.#goodAt === undefined
      ? { pending: reasons, degraded: [] }
      : { pending: [], degraded: reasons };
  }

  #serves(): boolean {
    return this.#goodAt !== undefined && (!this.#failing || this.#clock() - this.#goodAt < staleLimitMs);
  }

  #held(kid: string): FoundKey | undefined {
    const key = this.#keys.get(kid);
    return key && this.#serves() ? { kind: 'found', key } : undefined;
  }

  async #fetch(): Promise<void> {
    try {
      this.#apply(await this.#read());
      if (this.#failing) this.#log.info({ keys: this.#keys.size }, 'the key set can be read again');
      this.#goodAt = this.#clock();
      this.#failing = false;
    } catch (error) {
      const meanwhile = this.#goodAt === undefined ? 'retrying' : 'the last valid one stays in use';
      if (!this.#failing) this.#log.warn({ err: error }, `the key set cannot be read; ${meanwhile}`);
      this.#failing = true;
      this.#reason = isWithoutKeys(error) ? noUsableKey : unreadable;
      // The keys are now too old to verify with, which invalidates verdicts made with them.
      if (!this.#serves()) this.generation += 1;
    }
    this.#schedule();
  }

  /**
   * Schedules the next fetch, counted from the last one of any cause, so that a flood of unknown ids adds no
   * scheduled fetches.
   */
  #schedule(): void {
    clearTimeout(this.#timer);
    const soon = this.#announced || this.#absentSince.size > 0;
    this.#announced = false;
    const waitMs = this.#failing ? retryMs : soon ? forcedGapMs : refreshMs;
    this.#dueAt = this.#clock() + waitMs;
    if (!this.#started) return;
    this.#timer = setTimeout(() => void this.refresh(), waitMs).unref();
  }

  #apply(fresh: ReadonlyMap<string, PublicKey>): void {
    for (const [kid, key] of this.#keys) {
      const successor = fresh.get(kid);
      const absentSince = this.#absentSince.get(kid);
      if (successor?.key.equals(key.key)) this.#absentSince.delete(kid);
      else if (successor) this.#withdraw(kid);
      else if (absentSince === undefined) this.#absentSince.set(kid, this.#clock());
      else if (this.#clock() - absentSince >= forcedGapMs) this.#withdraw(kid);
    }
    for (const [kid, key] of fresh) this.#keys.set(kid, key);
  }

  #withdraw(kid: string): void {
    this.#keys.delete(kid);
    this.#absentSince.delete(kid);
    this.generation += 1;
    this.#log.warn(
      { kid },
      'the issuer withdrew a signing key; tokens signed with it are no longer accepted',
    );
  }
}
