import type { CredentialSource } from '#gatehouse/credentials';
import { DatabaseProblem } from '#gatehouse/database';
import { exitCodes, ExitError, type Logger } from '#gatehouse/platform';
import { withDatabase } from '../ledger/storage.js';
import type { Runner } from '../run/runner.js';
import { onSchedule } from './schedule.js';
import type { TickRepository } from './tick.repository.js';

/** The number of consecutive refused ticks after which the watch ends, because an operator must act. */
const maxRefusals = 10;
/** When a tick is checked again that another worker has, and one that could not be run. */
const whileTheirsMs = 2_000;
const afterProblemMs = 60_000;

/** Decides at each tick of the schedule whether this worker runs or helps, and how to handle a failure. */
export class ScheduledWorker {
  #refusals = 0;
  #prepared = false;
  #watching: Promise<void> | undefined;

  constructor(
    private readonly runner: Pick<Runner, 'prepare' | 'runOnce' | 'help' | 'stopping'>,
    private readonly ticks: Pick<TickRepository, 'take' | 'renew' | 'finish' | 'postpone'>,
    private readonly credentials: Pick<CredentialSource, 'authorization'>,
    private readonly metrics: { readonly refusals: { set(value: number): void } },
    private readonly log: Logger,
  ) {}

  /** Follows the cron pattern (UTC) until `stopping` aborts. Throws like `at`. */
  watch(schedule: string): Promise<void> {
    return (this.#watching ??= onSchedule(schedule, (tick) => this.at(tick), this.runner.stopping));
  }

  /** Resolves once the watch has ended, even with an error. */
  async ended(): Promise<void> {
    await this.#watching?.catch(() => undefined);
  }

  /**
   * Handles `tick`. Resolves with the milliseconds until it must be checked again, or with undefined if the next tick
   * is soon enough. Throws errors that waiting cannot fix: an ExitError 3 after the tenth consecutive refusal, 78.
   */
  async at(tick: Date): Promise<number | undefined> {
    try {
      return await withDatabase(() => this.#do(tick));
    } catch (error) {
      if (this.runner.stopping.aborted) return undefined;
      if (isRefusal(error)) return this.#refused(error);
      this.#log(error);
      return afterProblemMs;
    }
  }

  async #do(tick: Date): Promise<number | undefined> {
    await this.runner.prepare();
    this.#prepared = true;
    await this.#authorize();
    const whose = await this.ticks.take(tick);
    if (whose === 'mine') this.log.info({ tick: tick.toISOString() }, 'this worker runs the tick');
    await (whose === 'mine' ? this.#run() : this.runner.help());
    return whose === 'theirs' ? whileTheirsMs : undefined;
  }

  /**
   * Obtains the credential even if another worker has the tick: an interrupted refresh can be repeated for one
   * minute, but a dead worker's tick is reassigned only after two. Sending needs no credential, and a run without one
   * says why.
   */
  async #authorize(): Promise<void> {
    const { stopping } = this.runner;
    await this.credentials.authorization(stopping).catch((error: unknown) => {
      stopping.throwIfAborted();
      this.log.warn({ reason: (error as Error).message }, 'no credential is available at the moment');
    });
  }

  async #run(): Promise<void> {
    const { runner, ticks } = this;
    try {
      await runner.runOnce({ turn: ticks });
      this.#count(0);
    } catch (error) {
      // An operator must fix a refusal, so the next tick is soon enough. Other causes may have passed in a minute. A
      // finished tick has nothing left to retry.
      if (isRefusal(error)) await ticks.finish();
      else await ticks.postpone(runner.stopping.aborted ? 0 : afterProblemMs / 1000).catch(() => {});
      throw error;
    }
  }

  #refused(error: ExitError): undefined {
    this.#count(this.#refusals + 1);
    if (!this.#prepared || this.#refusals >= maxRefusals) throw error;
    this.log.error(
      { alarm: 'credential_refused', inARow: this.#refusals, endsAt: maxRefusals },
      `run given up; retrying at the next tick: ${error.message}`,
    );
  }

  #count(refusals: number): void {
    this.#refusals = refusals;
    this.metrics.refusals.set(refusals);
  }

  #log(error: unknown): void {
    if (error instanceof ExitError) this.log.warn(`run given up; retrying in a minute: ${error.message}`);
    else this.log.error({ err: error }, 'run given up; retrying in a minute');
  }
}

/** Whether a failure needs a human: a refused credential, or an unusable token file. A database may come back by itself. */
const isRefusal = (error: unknown): error is ExitError =>
  error instanceof ExitError &&
  !(error instanceof DatabaseProblem) &&
  (error.exitCode === exitCodes.credentialRefused || error.exitCode === exitCodes.badConfiguration);
