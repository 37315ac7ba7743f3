import {
  type FusionAuthData,
  type WebhookEvent,
  type WebhookEventType,
  webhookEventTypes,
} from '#gatehouse/fusionauth';
import type { Clock, Logger } from '#gatehouse/platform';
import { type Background, background } from './background.js';
import type { RevocationMemory } from './revocation-memory.js';

export interface LogReplaySettings {
  readonly webhookLog: FusionAuthData['webhookLog'];
  readonly memory: Pick<RevocationMemory, 'takeTurn' | 'endTurn'>;
  /** Applies an event, as when it is received; rejects if it could not be recorded. */
  readonly apply: (event: WebhookEvent) => Promise<unknown>;
  /** How long after its instant an event may concern a token that is still valid, in milliseconds. */
  readonly keepMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

const turnName = 'webhook-log';
/** How often the log is replayed, by one of the replicas. */
const turnMs = 15_000;
/** How often each replica asks for the turn, and learns how far the log was replayed. */
const askMs = 5_000;
/**
 * How far before the last replay each replay starts: events are stored after they are sent, and FusionAuth's clock
 * may differ from ours by half of this.
 */
const overlapMs = 60_000;

/**
 * The types that revoke tokens. Each is searched for by itself, because other types, such as log-ins, are far more
 * frequent.
 */
const types = webhookEventTypes.filter((type) => type !== 'jwt.public-key.update');

/**
 * Replays FusionAuth's event log, so that an event that was lost, or sent while no replica could receive it, is still
 * applied. Replicas take turns; each knows how far the log was replayed.
 */
export class LogReplay {
  readonly #settings: LogReplaySettings;
  readonly #work: Background;
  readonly #startedAt: number;
  #doneUntil: number | undefined;
  #saidUnreadable = false;

  constructor(settings: LogReplaySettings) {
    this.#settings = settings;
    this.#startedAt = settings.clock();
    const name = 'the replay of FusionAuth’s events (GET /api/system/webhook-event-log/search)';
    this.#work = background(() => this.turn(), { name, everyMs: askMs, retryMs: askMs, log: settings.log });
  }

  start(): void {
    this.#work.start();
  }

  close(): void {
    this.#work.close();
  }

  /** Milliseconds since the log was last replayed, by any replica; undefined where our key may not read it. */
  age(): number | undefined {
    const since = this.#doneUntil ?? this.#startedAt;
    return this.#work.permitted() ? Math.max(0, this.#settings.clock() - since) : undefined;
  }

  /** Replays the log if it is this replica's turn, and resolves with whether it was. */
  async turn(): Promise<boolean> {
    const { memory, clock, keepMs } = this.#settings;
    const { mine, doneUntil } = await memory.takeTurn(turnName, turnMs);
    this.#doneUntil = doneUntil;
    if (!mine) return false;
    const began = clock();
    const oldest = began - keepMs;
    // An instant in the future comes from a clock that has been corrected since.
    const since = Math.max(oldest, Math.min(doneUntil ?? oldest, began) - overlapMs);
    for (const type of types) await this.#apply(type, since);
    if (this.#work.closed()) return true;
    await memory.endTurn(turnName, began);
    this.#doneUntil = began;
    return true;
  }

  async #apply(type: WebhookEventType, since: number): Promise<void> {
    const { webhookLog, apply } = this.#settings;
    for await (const event of webhookLog.search({ type, since })) {
      if (this.#work.closed()) return;
      if (event) await apply(event);
      else this.#passOver(type);
    }
  }

  #passOver(type: WebhookEventType): void {
    const { log } = this.#settings;
    if (!this.#saidUnreadable)
      log.warn({ event: 'trouble', type }, 'an event in FusionAuth’s log cannot be read, and is skipped');
    this.#saidUnreadable = true;
  }
}
