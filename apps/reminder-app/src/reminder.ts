import type { Database } from '#gatehouse/database';
import { ExitError, exitCodes, type Listening } from '#gatehouse/platform';
import { assemble, type Assembled, type ReminderOptions } from './assemble.js';
import type { ReminderConfig } from './config.js';
import { deliverPlanned } from './run/deliver.js';
import { beat } from './schedule/heartbeat.js';
import { previewRun, type Preview } from './run/preview.js';
import type { RunReport } from './run/run-report.js';
import { run, type Turn } from './run/run.js';
import { openStorage, prepareStorage, withDatabase } from './storage.js';
import { TickRepository } from './schedule/tick.repository.js';
import { warnOfOldTimeZones } from './time-zone-data.js';
import { serveUnsubscribe } from './unsubscribe/unsubscribe-server.js';
import { UnsubscriptionRepository } from './unsubscribe/unsubscription.repository.js';
import { onSchedule } from './schedule/watch.js';
import { Watchman } from './schedule/watchman.js';

export type { ReminderOptions } from './assemble.js';

/** Opens the database and assembles the app. Throws an ExitError: 75 when the data directory is in use, 78 for settings. */
export async function createReminder(config: ReminderConfig, options: ReminderOptions): Promise<Reminder> {
  await warnOfOldTimeZones(options.log);
  const database = await openStorage(config, options.log, options.template);
  return new Reminder(config, database, assemble(config, options, database));
}

/** The app, until it is closed. */
export class Reminder {
  readonly #stopping = new AbortController();
  readonly #signal = this.#stopping.signal;
  #prepared: Promise<void> | undefined;
  #current: Promise<RunReport> | undefined;
  #watching: Promise<void> | undefined;
  #served: Promise<Listening> | undefined;

  constructor(
    private readonly config: ReminderConfig,
    private readonly database: Database,
    private readonly assembled: Assembled,
  ) {}

  /**
   * One run, at the present or at the instant `at` (milliseconds since the epoch). A call while one is under way joins
   * it. Throws an ExitError 3 or 4 when it could not read the todos, 78 when the credential's file is not usable.
   */
  runOnce(at?: number): Promise<RunReport> {
    return this.#runOnce({ at });
  }

  /** Who would get what from a run. Sends nothing and changes nothing but the access token. Throws as a run does. */
  preview(at?: number): Promise<Preview> {
    return withDatabase(async () => {
      await this.#prepare();
      return previewRun(this.assembled.parts, { signal: this.#signal, at });
    });
  }

  /** Runs by the schedule until `close`. Throws what waiting cannot cure: a credential refused ten times in a row (3). */
  watch(): Promise<void> {
    const { parts, metrics, credentials } = this.assembled;
    const watchman = new Watchman({
      ticks: new TickRepository(this.database.pool, this.database.kind === 'embedded'),
      run: (turn) => this.#runOnce({ turn }),
      help: () => deliverPlanned(parts, { signal: this.#signal }),
      prepare: () => this.#prepare(),
      authorize: () => credentials.authorization(this.#signal),
      metrics,
      log: parts.log,
      stopping: this.#signal,
    });
    const { REMINDER_SCHEDULE: schedule } = this.config;
    return (this.#watching ??= onSchedule(schedule, (tick) => watchman.at(tick), this.#signal));
  }

  /** Serves the links by which people unsubscribe, until `close`. */
  serve(): Promise<Listening> {
    const { HOST: host, PORT: port } = this.config;
    const { links, parts } = this.assembled;
    const people = new UnsubscriptionRepository(this.database.pool);
    return (this.#served ??= serveUnsubscribe({ host, port, links, people, log: parts.log }));
  }

  /** Finishes the mail in hand, then lets go of everything. */
  async close(): Promise<void> {
    this.#stopping.abort(new ExitError('stopped', exitCodes.workHeld));
    await Promise.allSettled([this.#current, this.#watching, this.#served?.then((served) => served.close())]);
    await this.assembled.credentials.close();
    await this.assembled.parts.todos.close();
    await this.database.close();
  }

  #runOnce(options: { readonly at?: number | undefined; readonly turn?: Turn }): Promise<RunReport> {
    return (this.#current ??= withDatabase(async () => {
      await this.#prepare();
      const { parts, metrics } = this.assembled;
      const report = await run(parts, { ...options, signal: this.#signal });
      parts.log.info(report, 'run completed');
      parts.progress.completed(report);
      metrics.lastRun.setToCurrentTime();
      await beat(this.config.HEARTBEAT_URL, parts.log);
      return report;
    }).finally(() => (this.#current = undefined)));
  }

  /** Once; not at the start, where a database that is down would end watch instead of being waited for. */
  #prepare(): Promise<void> {
    const { parts, credentials } = this.assembled;
    this.#prepared ??= prepareStorage(this.database, parts.log)
      .then(() => credentials.check())
      .catch((error: unknown) => {
        this.#prepared = undefined;
        throw error;
      });
    return this.#prepared;
  }
}
