import type { z } from 'zod';
import { ConfigurationError, effectiveConfig, parseConfig, processEnvironment } from './config.js';
import { exitCodes, ExitError } from './exit.js';
import { appHelp } from './help.js';
import { createLogger, type Logger } from './logger.js';
import { Shutdown } from './shutdown.js';

export interface AppDefinition<S extends z.ZodObject> {
  readonly name: string;
  /** One sentence for `--help`. */
  readonly about: string;
  /** Lines of `--help` that list commands and options beyond the common ones. */
  readonly usage?: readonly string[];
  readonly schema: S;
  /** Rules between settings; throws {@link ConfigurationError}. Run by `--check-config` too. */
  check?(config: z.output<S>): readonly string[] | void;
  /** What `--check-config` tells beside the settings, a sentence each. */
  notes?(config: z.output<S>): readonly string[];
  /** The app's own logger, where it is not simply one of LOG_LEVEL. */
  logger?(config: z.output<S>): Logger;
  /**
   * Starts the app. Resolving with a number ends the process with that exit code after closing; resolving with
   * nothing leaves it running until a signal.
   */
  start(config: z.output<S>, parts: AppParts): Promise<number | void>;
}

export interface AppParts {
  readonly log: Logger;
  readonly shutdown: Shutdown;
  /** The command line without options that every app understands. */
  readonly args: readonly string[];
}

/** The `main` of every app: `--help`, `--check-config`, configuration, signals, exit codes. Never returns. */
export async function runApp<S extends z.ZodObject>(app: AppDefinition<S>): Promise<never> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(appHelp(app));
    process.exit(exitCodes.done);
  }
  const config = configOrExit(app);
  if (args.includes('--check-config')) {
    const settings = JSON.stringify(effectiveConfig(app.schema, config), null, 2);
    const lines = [settings, ...(app.notes?.(config) ?? []), 'Configuration is usable.', ''];
    process.stdout.write(lines.join('\n'));
    process.exit(exitCodes.done);
  }
  const log =
    app.logger?.(config) ?? createLogger(app.name, (config as { LOG_LEVEL?: string }).LOG_LEVEL ?? 'info');
  const shutdown = new Shutdown(log);
  closeOnSignal(log, shutdown);
  log.info({ config: effectiveConfig(app.schema, config) }, 'starting');
  try {
    const code = await app.start(config, { log, shutdown, args });
    if (typeof code !== 'number') return await new Promise<never>(() => {});
    await shutdown.now();
    process.exit(code);
  } catch (error) {
    await shutdown.now();
    process.exit(reportFailure(app.name, error, log));
  }
}

function configOrExit<S extends z.ZodObject>(app: AppDefinition<S>): z.output<S> {
  try {
    const config = parseConfig(app.schema, processEnvironment());
    const problems = app.check?.(config) ?? [];
    if (problems.length > 0) throw new ConfigurationError(problems);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${app.name}: ${error.message}\nTry --help for the list of settings.\n`);
    process.exit(error.exitCode);
  }
}

/** First signal: drain and exit 128 + its number. Second signal: leave at once. */
function closeOnSignal(log: Logger, shutdown: Shutdown): void {
  let signalled = false;
  const leave = (signal: string, exitCode: number) => {
    if (signalled) process.exit(exitCode);
    signalled = true;
    log.info({ signal }, 'stopping');
    void shutdown.now().then(() => process.exit(exitCode));
  };
  process.on('SIGINT', () => leave('SIGINT', 130));
  process.on('SIGTERM', () => leave('SIGTERM', 143));
}

function reportFailure(name: string, error: unknown, log: Logger): number {
  if (error instanceof ExitError) {
    log.error({ exitCode: error.exitCode }, error.message);
    process.stderr.write(`${name}: ${error.message}\n`);
    return error.exitCode;
  }
  log.fatal({ err: error }, 'stopped by an unexpected error');
  return 1;
}
