import {
  type AppParts,
  createMetrics,
  metricsPort,
  processEnvironment,
  rereadSecret,
  serveMetrics,
} from '#gatehouse/platform';
import type { ReminderConfig } from '../config.js';
import { startContext } from '../ledger/storage.module.js';
import { ReminderModule } from '../reminder.module.js';
import { noProgress, type RunProgress, terminalProgress } from '../run/run-progress.js';
import { inWords } from '../run/run-report.js';
import { ScheduledWorker } from '../schedule/scheduled-worker.js';
import { UnsubscribeServer } from '../unsubscribe/unsubscribe-server.js';

/** Runs `watch`: runs on the schedule. Resolves only when the schedule has no further instants. */
export async function watch(config: ReminderConfig, { log, shutdown }: AppParts): Promise<void> {
  const registry = createMetrics({ process: true });
  const module = ReminderModule.forRoot(config, {
    log,
    reread: (name) => rereadSecret(name, processEnvironment()),
    metrics: registry,
    progress: process.stdout.isTTY ? withReports(process.stdout) : noProgress,
  });
  const context = await startContext(module, log);
  shutdown.add('reminder', () => context.close());
  const metrics = await serveMetrics(registry, { host: config.HOST, port: metricsPort(config) });
  shutdown.add('metrics', () => metrics.close());
  // An embedded database cannot be used by a second process, so this one serves the page.
  const page = config.DATABASE_URL === undefined ? await context.get(UnsubscribeServer).serve() : undefined;
  const { REMINDER_SCHEDULE: schedule } = config;
  log.info({ metrics: metrics.url, unsubscribe: page?.url, schedule }, 'watching');
  await context.get(ScheduledWorker).watch(schedule);
}

/** Shows the progress of runs on a terminal, with a line for each completed run. */
function withReports(terminal: { write(text: string): unknown }): RunProgress {
  const progress = terminalProgress(terminal);
  return {
    ...progress,
    completed(report) {
      progress.completed(report);
      terminal.write(`${new Date().toISOString().slice(0, 19)}Z  ${inWords(report)}\n`);
    },
  };
}
