import { DatabaseTrouble } from '#gatehouse/database';
import { exitCodes, ExitError, type Logger } from '#gatehouse/platform';
import type { Turn } from '../run/run.js';
import { withDatabase } from '../storage.js';
import type { TickRepository } from './tick.repository.js';
import { onSchedule } from './watch.js';

/** Ticks in a row whose credential is refused before the watch ends; something must be done about it. */
const patience = 10;
/** Milliseconds after which a tick is looked at again: that another worker has, and that could not be run. */
const whileTheirs = 2_000;
const afterTrouble = 60_000;

export interface WatchParts {
  readonly ticks: Pick<TickRepository, 'take' | 'renew' | 'finish' | 'postpone'>;
  /** A whole run, as the one worker that has the tick. */
  readonly run: (turn: Turn) => Promise<unknown>;
  /** Sends what another worker has planned. */
  readonly help: () => Promise<unknown>;
  /** Makes the database and the credential usable; what is wrong with them at the start ends the watch. */
  readonly prepare: () => Promise<void>;
  /** Obtains the credential, unless it is at hand. */
  readonly authorize: () => Promise<unknown>;
  readonly metrics: { readonly refusals: { set(value: number): void } };
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

/** Decides at each tick of the schedule whether to run or to help, and what trouble means. */
export class Watchman {
  #refusals = 0;
  #prepared = false;
  #watching: Promise<void> | undefined;

  constructor(private readonly parts: WatchParts) {}

  /** Goes by the cron pattern (UTC) until `stopping` aborts. Throws what `at` throws. */
  watch(schedule: string): Promise<void> {
    return (this.#watching ??= onSchedule(schedule, (tick) => this.at(tick), this.parts.stopping));
  }

  /** Resolves once the watch has ended, however it did. */
  async ended(): Promise<void> {
    await this.#watching?.catch(() => undefined);
  }

  /**
   * Does what is to be done at `tick`. Resolves with the milliseconds until it is to be looked at again, or with nothing
   * when the next tick will do. Throws what waiting cannot cure: an ExitError 3 after the tenth refusal in a row, 78.
   */
  async at(tick: Date): Promise<number | undefined> {
    try {
      return await withDatabase(() => this.#do(tick));
    } catch (error) {
      if (this.parts.stopping.aborted) return undefined;
      if (isRefusal(error)) return this.#refused(error);
      this.#tell(error);
      return afterTrouble;
    }
  }

  async #do(tick: Date): Promise<number | undefined> {
    const { prepare, ticks, help, log } = this.parts;
    await prepare();
    this.#prepared = true;
    await this.#authorize();
    const whose = await ticks.take(tick);
    if (whose === 'mine') log.info({ tick: tick.toISOString() }, 'this worker runs the tick');
    await (whose === 'mine' ? this.#run() : help());
    return whose === 'theirs' ? whileTheirs : undefined;
  }

  /**
   * Whoever has the tick: a refresh that a kill interrupted is good to be repeated for a minute only, and the dead
   * worker's tick is not to be had for two. Sending does not depend on it, and the run itself tells what it means.
   */
  async #authorize(): Promise<void> {
    const { authorize, log, stopping } = this.parts;
    await authorize().catch((error: unknown) => {
      stopping.throwIfAborted();
      log.warn({ reason: (error as Error).message }, 'no credential at the moment');
    });
  }

  async #run(): Promise<void> {
    const { ticks, stopping } = this.parts;
    try {
      await this.parts.run({ renew: () => ticks.renew(), finish: () => ticks.finish() });
      this.#count(0);
    } catch (error) {
      // A refusal is for somebody to cure: the next tick is soon enough. All else may have passed in a minute. Of a tick
      // that was finished nothing is left to be tried again.
      if (isRefusal(error)) await ticks.finish();
      else await ticks.postpone(stopping.aborted ? 0 : afterTrouble / 1000).catch(() => {});
      throw error;
    }
  }

  #refused(error: ExitError): undefined {
    this.#count(this.#refusals + 1);
    if (!this.#prepared || this.#refusals >= patience) throw error;
    this.parts.log.error(
      { alarm: 'credential_refused', inARow: this.#refusals, endsAt: patience },
      `run given up, tried again at the next tick: ${error.message}`,
    );
  }

  #count(refusals: number): void {
    this.#refusals = refusals;
    this.parts.metrics.refusals.set(refusals);
  }

  #tell(error: unknown): void {
    const { log } = this.parts;
    if (error instanceof ExitError) log.warn(`run given up, tried again in a minute: ${error.message}`);
    else log.error({ err: error }, 'run given up, tried again in a minute');
  }
}

/** What needs somebody: a credential that is refused, or a token file that cannot be used. A database is waited for. */
const isRefusal = (error: unknown): error is ExitError =>
  error instanceof ExitError &&
  !(error instanceof DatabaseTrouble) &&
  (error.exitCode === exitCodes.credentialRefused || error.exitCode === exitCodes.badConfiguration);
