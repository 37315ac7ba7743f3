import type { ReminderConfig } from './config.js';
import { startContext } from './ledger/storage.module.js';
import { ReminderModule, type ReminderOptions } from './reminder.module.js';
import { Runner } from './run/runner.js';
import { ScheduledWorker } from './schedule/scheduled-worker.js';
import { UnsubscribeServer } from './unsubscribe/unsubscribe-server.js';

/** Starts the app. Throws an ExitError: 75 if the data directory is in use, 78 for unusable settings. */
export async function createReminder(config: ReminderConfig, options: ReminderOptions) {
  const context = await startContext(ReminderModule.forRoot(config, options), options.log);
  const runner = context.get(Runner);
  return {
    /** See {@link Runner.runOnce}. */
    runOnce: () => runner.runOnce(),
    /** See {@link Runner.preview}. */
    preview: (at?: number) => runner.preview(at),
    /** Runs on REMINDER_SCHEDULE until `close`; see {@link ScheduledWorker.watch}. */
    watch: () => context.get(ScheduledWorker).watch(config.REMINDER_SCHEDULE),
    /** Serves the unsubscribe page until `close`. */
    serve: () => context.get(UnsubscribeServer).serve(),
    /** Finishes the mail in progress, then closes everything. */
    close: () => context.close(),
  };
}

/** The app within another process, until it is closed. */
export type Reminder = Awaited<ReturnType<typeof createReminder>>;
