import { createSource } from '#gatehouse/credentials';
import type { Database } from '#gatehouse/database';
import { ExitError, exitCodes, systemClock, type Clock, type Logger } from '#gatehouse/platform';
import type { Checkpoint } from './checkpoint.js';
import type { ReminderConfig } from './config.js';
import { Ledger } from './ledger.js';
import { openMailer } from './mail/open-mailer.js';
import { PlanningRepository } from './planning.repository.js';
import { run, type RunParts, type RunReport } from './run.js';
import { SharedRefreshToken } from './shared-refresh-token.repository.js';
import { openStorage, prepareStorage, withDatabase } from './storage.js';
import { TodoClient } from './todo-client.js';
import { onSchedule } from './watch.js';

export interface ReminderOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Called at every crash point of a run. */
  readonly checkpoint?: Checkpoint;
  /** A freshly initialised data directory to start a new embedded database from. */
  readonly template?: string;
}

export interface Reminder {
  /** One run. A call while one is under way joins it. Throws an ExitError 3 or 4 when it could not read the todos. */
  runOnce(): Promise<RunReport>;
  /** Runs now and by the schedule until `close`. Throws only what waiting cannot cure: a refused credential (3). */
  watch(): Promise<void>;
  /** Finishes the mail in hand, then lets go of everything. */
  close(): Promise<void>;
}

/** Assembles the app. Throws an ExitError: 75 when the data directory is in use, 78 for settings it cannot work with. */
export async function createReminder(config: ReminderConfig, options: ReminderOptions): Promise<Reminder> {
  const { log } = options;
  const database = await openStorage(config, log, options.template);
  const parts = assemble(config, options, database);
  const stopping = new AbortController();
  let prepared: Promise<void> | undefined;
  let current: Promise<RunReport> | undefined;
  const once = async () => {
    // Not at the start: a database that is down then would end watch instead of being waited for.
    prepared ??= prepareStorage(database, log);
    await prepared.catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    const report = await run(parts, stopping.signal);
    log.info(report, 'run completed');
    return report;
  };
  const runOnce = () => (current ??= withDatabase(once).finally(() => (current = undefined)));
  return {
    runOnce,
    watch: () =>
      onSchedule(config.REMINDER_SCHEDULE, () => tolerantly(runOnce, log, stopping.signal), stopping.signal),
    async close() {
      stopping.abort(new ExitError('stopped', exitCodes.workHeld));
      await current?.catch(() => {});
      await parts.todos.close();
      await parts.ledger.close();
      await database.close();
    },
  };
}

function assemble(config: ReminderConfig, options: ReminderOptions, database: Database): RunParts {
  const { log, clock = systemClock, checkpoint = () => {} } = options;
  const credentials = createSource(config, {
    issuerUrl: config.FUSIONAUTH_URL,
    clock,
    log,
    afterTokenWrite: () => checkpoint('after-token-write'),
    sharedStore:
      database.kind === 'server'
        ? (readSeed) => new SharedRefreshToken(database.pool, config.CREDENTIAL_SOURCE, readSeed)
        : undefined,
  });
  const mailer = openMailer(config.SMTP_URL, config.ALLOW_INSECURE);
  return {
    planning: new PlanningRepository(database.pool),
    ledger: new Ledger(database),
    todos: new TodoClient({ baseUrl: config.TODO_API_URL, credentials, clock, log }),
    mailer,
    sender: config.MAIL_FROM,
    clock,
    log,
    checkpoint,
    windowHours: config.REMINDER_WINDOW_HOURS,
    minGapHours: config.REMINDER_MIN_GAP_HOURS,
    recovery: {
      idempotent: mailer.idempotent,
      onUnknown: config.ON_UNKNOWN,
      alone: database.kind === 'embedded',
    },
  };
}

/** Trouble that may pass is logged and left to the next run; a refused credential needs somebody, and ends the watch. */
async function tolerantly(task: () => Promise<unknown>, log: Logger, stopping: AbortSignal): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (stopping.aborted) return;
    if (error instanceof ExitError && error.exitCode !== exitCodes.unavailable) throw error;
    if (error instanceof ExitError) log.warn(`run given up: ${error.message}`);
    else log.error({ err: error }, 'run given up; the next one takes it from there');
  }
}
