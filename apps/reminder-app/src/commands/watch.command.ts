import {
  createMetrics,
  processEnvironment,
  rereadSecret,
  serveMetrics,
  type AppParts,
} from '#gatehouse/platform';
import { metricsPort, type ReminderConfig } from '../config.js';
import { createReminder } from '../reminder.js';
import { noProgress, terminalProgress, type RunProgress } from '../run/run-progress.js';
import { inWords } from '../run/run-report.js';

/** `watch`: runs by the schedule. Resolves only when the schedule has come to its end. */
export async function watch(config: ReminderConfig, { log, shutdown }: AppParts): Promise<void> {
  const registry = createMetrics({ process: true });
  const reminder = await createReminder(config, {
    log,
    reread: (name) => rereadSecret(name, processEnvironment()),
    metrics: registry,
    progress: process.stdout.isTTY ? aloud(process.stdout) : noProgress,
  });
  shutdown.add('reminder', () => reminder.close());
  const metrics = await serveMetrics(registry, { host: config.HOST, port: metricsPort(config) });
  shutdown.add('metrics', () => metrics.close());
  // No second process can serve the page from an embedded database.
  const page = config.DATABASE_URL === undefined ? await reminder.serve() : undefined;
  log.info({ metrics: metrics.url, unsubscribe: page?.url, schedule: config.REMINDER_SCHEDULE }, 'watching');
  await reminder.watch();
}

/** Whoever watches a terminal reads a line for each run. */
function aloud(terminal: { write(text: string): unknown }): RunProgress {
  const progress = terminalProgress(terminal);
  return {
    ...progress,
    completed(report) {
      progress.completed(report);
      terminal.write(`${new Date().toISOString().slice(0, 19)}Z  ${inWords(report)}\n`);
    },
  };
}
