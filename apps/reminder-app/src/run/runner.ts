import type { CredentialSource } from '#gatehouse/credentials';
import type { Database } from '#gatehouse/database';
import { exitCodes, ExitError, type Secret } from '#gatehouse/platform';
import { prepareStorage, withDatabase } from '../ledger/storage.js';
import { sendHeartbeat } from '../schedule/heartbeat.js';
import { deliverPlanned, type DeliveryReport } from './deliver.js';
import { type Preview, previewRun } from './preview.js';
import type { ReminderMetrics } from './reminder-metrics.js';
import { run, type RunOptions, type RunParts } from './run.js';
import type { RunReport } from './run-report.js';

interface RunnerParts extends RunParts {
  readonly database: Database;
  readonly credentials: Pick<CredentialSource, 'check'>;
  readonly metrics: Pick<ReminderMetrics, 'lastRun'>;
  /** Gets a POST after each completed run. */
  readonly heartbeatUrl: Secret | undefined;
}

/** Makes runs, one at a time, until it is stopped. */
export class Runner {
  readonly #stopping = new AbortController();
  /** Aborts when no more work may begin. */
  readonly stopping = this.#stopping.signal;
  #prepared: Promise<void> | undefined;
  #current: Promise<RunReport> | undefined;

  constructor(private readonly parts: RunnerParts) {}

  /**
   * Makes one run, as a `turn` of the schedule if the worker has one. A call during a run joins it. Throws an
   * ExitError 3 or 4 if it could not read the todos, 78 if the credential's file is not usable.
   */
  runOnce(options: Omit<RunOptions, 'signal'> = {}): Promise<RunReport> {
    return (this.#current ??= withDatabase(async () => {
      await this.prepare();
      const { log, progress, metrics, heartbeatUrl } = this.parts;
      const report = await run(this.parts, { ...options, signal: this.stopping });
      log.info(report, 'run completed');
      progress.completed(report);
      metrics.lastRun.setToCurrentTime();
      await sendHeartbeat(heartbeatUrl, log);
      return report;
    }).finally(() => (this.#current = undefined)));
  }

  /** Sends mails that another worker has planned. */
  help(): Promise<DeliveryReport> {
    return deliverPlanned(this.parts, { signal: this.stopping });
  }

  /**
   * Returns who would get which mail from a run at `at` (milliseconds since the epoch; default: now). Sends nothing and
   * changes only the access token. Throws like a run.
   */
  preview(at?: number): Promise<Preview> {
    return withDatabase(async () => {
      await this.prepare();
      return previewRun(this.parts, { signal: this.stopping, at });
    });
  }

  /**
   * Migrates the database and checks the credential, once. Not done at start, where an unreachable database would end
   * `watch` instead of being waited for.
   */
  prepare(): Promise<void> {
    const { database, credentials, log } = this.parts;
    this.#prepared ??= prepareStorage(database, log)
      .then(() => credentials.check())
      .catch((error: unknown) => {
        this.#prepared = undefined;
        throw error;
      });
    return this.#prepared;
  }

  /** Lets no more work begin; the mail in progress is finished. */
  stop(): void {
    this.#stopping.abort(new ExitError('stopped', exitCodes.workHeld));
  }

  /** Resolves once no run is in progress, even if the last one failed. */
  async idle(): Promise<void> {
    await this.#current?.catch(() => undefined);
  }
}
