import type { Listening } from '#gatehouse/platform';
import type { ReminderConfig } from './config.js';
import { startContext } from './ledger/storage.module.js';
import { ReminderModule, type ReminderOptions } from './reminder.module.js';
import type { Preview } from './run/preview.js';
import type { RunReport } from './run/run-report.js';
import { Runner } from './run/runner.js';
import { ScheduledWorker } from './schedule/scheduled-worker.js';
import { UnsubscribeServer } from './unsubscribe/unsubscribe-server.js';

/** The app within another process, until it is closed. */
export interface Reminder {
  /** One run at `at`, in milliseconds since the epoch, else now; see {@link Runner.runOnce}. */
  runOnce(at?: number): Promise<RunReport>;
  /** See {@link Runner.preview}. */
  preview(at?: number): Promise<Preview>;
  /** Runs by REMINDER_SCHEDULE until `close`; see {@link ScheduledWorker.watch}. */
  watch(): Promise<void>;
  /** Serves the links by which people unsubscribe, until `close`. */
  serve(): Promise<Listening>;
  /** Finishes the mail in hand, then lets go of everything. */
  close(): Promise<void>;
}

/** Starts the app. Throws an ExitError: 75 when the data directory is in use, 78 for settings it cannot work with. */
export async function createReminder(config: ReminderConfig, options: ReminderOptions): Promise<Reminder> {
  const context = await startContext(ReminderModule.forRoot(config, options), options.log);
  const runner = context.get(Runner);
  return {
    runOnce: (at) => runner.runOnce({ at }),
    preview: (at) => runner.preview(at),
    watch: () => context.get(ScheduledWorker).watch(config.REMINDER_SCHEDULE),
    serve: () => context.get(UnsubscribeServer).serve(),
    close: () => context.close(),
  };
}
