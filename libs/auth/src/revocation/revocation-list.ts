import type { Clock, Logger } from '#gatehouse/platform';
import type { Principal } from '../core/principal.js';
import type { Issued, StrategyReadiness } from '../core/strategy.js';
import { type Revocation, revokes, targetOf } from './revocation.js';
import type { RevocationMemory, RevocationNews } from './revocation-memory.js';

export interface RevocationListSettings {
  readonly memory: RevocationMemory;
  /** Our application; revocations that concern only another one are skipped. */
  readonly applicationId: string;
  /** How long after its instant a revocation may concern a token that is still valid, in milliseconds. */
  readonly keepMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** The longest time between two reads, in milliseconds; 1,000 by default. */
  readonly readEveryMs?: number;
}

/** A list that has not been read for this long is stale. */
const staleMs = 5_000;
const sweepEveryMs = 60_000;
const never = -Infinity;

/**
 * The active revocations, in memory: one instant for each subject, one for each session and one for the
 * application. A check costs two look-ups, and none if nothing was added since the token's last check. The list is
 * read from the memory that all replicas share: at start, then once a second and whenever another replica records
 * something.
 */
export class RevocationList {
  readonly #bySubject = new Map<string, number>();
  readonly #bySession = new Map<string, number>();
  readonly #settings: RevocationListSettings;
  /** Revocations that could not be recorded and will be retried: the latest of each key. */
  readonly #unrecorded = new Map<string, Revocation>();
  #ofEverybody = never;
  /** Changes whenever something is added: tokens cleared before must then be checked again. */
  #state = 0;
  #mark: string | undefined;
  #readAt: number | undefined;
  #sweptAt: number;
  #reading: Promise<void> | undefined;
  #newsMeanwhile = false;
  #failing = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #news: RevocationNews | undefined;

  constructor(settings: RevocationListSettings) {
    this.#settings = settings;
    this.#sweptAt = settings.clock();
  }

  /** Reads now and then repeatedly; resolves after the first attempt, successful or not. */
  start(): Promise<void> {
    this.#news = this.#settings.memory.listen(() => this.#onNews());
    return this.#read();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    void this.#news?.close();
  }

  /** Tells whether a user's token is revoked; synchronous, without an allocation. */
  refuses({ subject, sessionId = '' }: Principal, issued: Issued): boolean {
    if (issued.notRevokedAsOf === this.#state) return false;
    const ofSubject = this.#bySubject.get(subject) ?? never;
    const ofSession = this.#bySession.get(sessionId) ?? never;
    // A later instant revokes everything that an earlier one does.
    if (revokes(Math.max(this.#ofEverybody, ofSubject, ofSession), issued)) return true;
    issued.notRevokedAsOf = this.#state;
    return false;
  }

  /**
   * Applies revocations here immediately, even while the memory does not answer, and records them for all
   * replicas. Resolves with the number of instants that moved. Rejects if they could not be recorded, and retries at
   * each read, because FusionAuth may not send an event twice.
   */
  async record(revocations: readonly Revocation[]): Promise<number> {
    this.#take(revocations);
    try {
      return await this.#settings.memory.record(revocations);
    } catch (error) {
      this.#retryLater(revocations);
      throw error;
    }
  }

  /** The number of instants in the list. */
  get size(): number {
    return this.#bySubject.size + this.#bySession.size + (this.#ofEverybody === never ? 0 : 1);
  }

  get isLoaded(): boolean {
    return this.#readAt !== undefined;
  }

  /** The age of the list in milliseconds; undefined until it has been read once. */
  age(): number | undefined {
    return this.#readAt === undefined ? undefined : this.#settings.clock() - this.#readAt;
  }

  /** Tells whether it is older than it may be, or was never read. */
  isStale(): boolean {
    return (this.age() ?? Infinity) > staleMs;
  }

  readiness(): StrategyReadiness {
    if (this.#readAt === undefined)
      return { pending: ['revocations are not loaded: their memory does not answer'], degraded: [] };
    const late = this.#news?.problem();
    const stale = 'revocations of other replicas are missing: their memory does not answer';
    const unrecorded = 'revocations are unknown to other replicas: they could not be recorded; retrying';
    return {
      pending: [],
      degraded: [
        ...(this.isStale() ? [stale] : []),
        ...(this.#unrecorded.size > 0 ? [unrecorded] : []),
        ...(late ? [late] : []),
      ],
    };
  }

  #take(revocations: readonly Revocation[]): void {
    if (revocations.length > 0) this.#state += 1;
    for (const { key, revokedBefore } of revocations) this.#add(key, revokedBefore);
  }

  #add(key: string, revokedBefore: number): void {
    const target = targetOf(key);
    if (target === undefined) return;
    if ('applicationId' in target && target.applicationId !== this.#settings.applicationId) return;
    if (target.kind === 'application') this.#ofEverybody = Math.max(this.#ofEverybody, revokedBefore);
    else if (target.kind === 'session') raise(this.#bySession, target.sessionId, revokedBefore);
    else raise(this.#bySubject, target.userId, revokedBefore);
  }

  #onNews(): void {
    if (this.#reading) this.#newsMeanwhile = true;
    else void this.#read();
  }

  #read(): Promise<void> {
    clearTimeout(this.#timer);
    return (this.#reading ??= this.#attempt().finally(() => {
      this.#reading = undefined;
      this.#schedule();
    }));
  }

  #schedule(): void {
    if (this.#closed) return;
    // News that arrived during a read may be about something recorded after it.
    const { readEveryMs = 1_000 } = this.#settings;
    this.#timer = setTimeout(() => void this.#read(), this.#newsMeanwhile ? 0 : readEveryMs).unref();
    this.#newsMeanwhile = false;
  }

  async #attempt(): Promise<void> {
    const { memory, clock, log } = this.#settings;
    if (memory.isReady?.() === false) return;
    const began = clock();
    try {
      // If the clock was set back, entries may have been deleted too early.
      const hasAll = began >= (this.#readAt ?? began);
      if (!hasAll) this.#mark = undefined;
      await this.#readOn();
      this.#readAt = began;
      if (this.#failing) log.info({ revocations: this.size }, 'revocations can be read again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing && !this.#closed)
        log.error({ err: error }, 'revocations cannot be read; retrying every second');
      this.#failing = true;
    }
    await this.#recordAgain();
    this.#sweep();
  }

  /** Reads part by part; after a failure the next attempt continues from there. */
  async #readOn(): Promise<void> {
    let reading;
    do {
      reading = await this.#settings.memory.read(this.#mark);
      this.#take(reading.revocations);
      this.#mark = reading.mark;
    } while (reading.more && !this.#closed);
  }

  #retryLater(revocations: readonly Revocation[]): void {
    for (const one of revocations) {
      const { revokedBefore = never } = this.#unrecorded.get(one.key) ?? {};
      if (one.revokedBefore > revokedBefore) this.#unrecorded.set(one.key, one);
    }
  }

  async #recordAgain(): Promise<void> {
    if (this.#failing || this.#unrecorded.size === 0) return;
    const { memory, clock } = this.#settings;
    const due = [...this.#unrecorded.values()].filter(({ keepUntil }) => keepUntil > clock());
    this.#unrecorded.clear();
    // The failure was logged when recording first failed.
    await memory.record(due).catch(() => this.#retryLater(due));
  }

  /** Deletes the entries that can no longer concern a valid token. */
  #sweep(): void {
    const { clock, keepMs } = this.#settings;
    if (clock() - this.#sweptAt < sweepEveryMs) return;
    this.#sweptAt = clock();
    const over = clock() - keepMs;
    for (const instants of [this.#bySubject, this.#bySession])
      for (const [id, revokedBefore] of instants) if (revokedBefore <= over) instants.delete(id);
    if (this.#ofEverybody <= over) this.#ofEverybody = never;
  }
}

function raise(instants: Map<string, number>, id: string, revokedBefore: number): void {
  if (revokedBefore > (instants.get(id) ?? never)) instants.set(id, revokedBefore);
}
