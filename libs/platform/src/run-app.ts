import type { z } from 'zod';
import { commonOptions, readArguments } from './command-line.js';
import {
  ConfigurationError,
  effectiveConfig,
  type Environment,
  parseConfig,
  processEnvironment,
} from './config.js';
import { type AppDirectory, type EnvSettings, loadEnvFiles } from './env-files.js';
import { exitCodes, ExitError } from './exit.js';
import { appHelp } from './help.js';
import { batchedOutput, createLogger, type Logger } from './logger.js';
import { mistypedSettings } from './mistyped.js';
import { endOnSignal, isStopping, runMain } from './process-end.js';
import { Shutdown } from './shutdown.js';

interface AppDefinition<S extends z.ZodObject> {
  readonly name: string;
  /** One sentence for `--help`. */
  readonly about: string;
  /** Further lines of `--help` about the app. */
  readonly details?: readonly string[];
  /** Lines of `--help` with commands and options besides the common ones; without it the app refuses any. */
  readonly usage?: readonly string[];
  /** The settings; a function if they depend on the environment. */
  readonly schema: S | ((environment: Environment) => S);
  /** The directory of the app, after which its `.env` file is named; without it the app reads no such files. */
  readonly directory?: AppDirectory;
  /** Returns the names of secrets that the app reads beyond its schema and that `.env` files may contain. */
  readonly alsoReads?: (environment: Environment) => Promise<readonly string[]>;
  /**
   * Returns what makes the settings unusable for the command in `args`, a line each: contradictions, files that cannot
   * be used. `--check-config` runs it too.
   */
  check?(config: z.output<S>, args: readonly string[]): readonly string[] | Promise<readonly string[]>;
  /** Returns what `--check-config` prints besides the settings, a sentence each. */
  notes?(config: z.output<S>, args: readonly string[]): readonly string[] | Promise<readonly string[]>;
  /**
   * Tells whether standard output is a result for scripts: then the log goes to standard error, and the line with the
   * configuration is logged at level debug.
   */
  printsResult?(args: readonly string[]): boolean;
  /** Returns the level of the log, if it is not LOG_LEVEL. */
  logLevel?(config: z.output<S>): string;
  /** Whether log lines are written in batches; see {@link batchedOutput}. */
  readonly batchesLog?: boolean;
  /**
   * Starts the app. If it resolves with a number, the process closes everything and exits with that code; if with
   * nothing, it runs until a signal.
   */
  start(config: z.output<S>, parts: AppParts): Promise<number | void>;
}

export interface AppParts {
  readonly log: Logger;
  readonly shutdown: Shutdown;
  /** The arguments, without the options that every app has. */
  readonly args: readonly string[];
}

/**
 * The `main` of every app: `--help`, `--check-config`, `.env` files in development, configuration, signals, exit
 * codes. Never returns.
 */
export const runApp = <S extends z.ZodObject>(app: AppDefinition<S>): Promise<never> =>
  runMain(app.name, async (args) => {
    if (args.includes('--help')) return say(appHelp({ ...app, schema: schemaOf(app) }));
    if (!app.usage) readArguments({ command: `npm run ${app.name}`, options: commonOptions }, args);
    const files = await loadEnvFiles({
      app: app.directory,
      schemas: [schemaOf(app)],
      alsoReads: app.alsoReads,
    });
    const schema = schemaOf(app);
    const warnings = [...files.warnings, ...mistypedSettings([schema], processEnvironment())];
    const config = await checkedConfig(app, schema, args, { origins: files.origins, warnings });
    const shown = effectiveConfig(schema, config);
    if (!args.includes('--check-config')) return runConfigured(app, config, { args, shown, warnings, files });
    const notes = [...files.notes, ...warnings, ...((await app.notes?.(config, args)) ?? [])];
    return say([JSON.stringify(shown, null, 2), ...notes, 'Configuration is usable.', ''].join('\n'));
  });

const schemaOf = <S extends z.ZodObject>({ schema }: AppDefinition<S>): S =>
  typeof schema === 'function' ? schema(processEnvironment()) : schema;

function say(text: string): number {
  process.stdout.write(text);
  return exitCodes.done;
}

async function checkedConfig<S extends z.ZodObject>(
  app: AppDefinition<S>,
  schema: S,
  args: readonly string[],
  { origins, warnings }: Pick<EnvSettings, 'origins' | 'warnings'>,
): Promise<z.output<S>> {
  try {
    const config = parseConfig(schema, processEnvironment());
    const problems = (await app.check?.(config, args)) ?? [];
    if (problems.length > 0) throw new ConfigurationError(problems);
    return config;
  } catch (error) {
    throw error instanceof ConfigurationError ? error.withOrigins(origins, warnings) : error;
  }
}

interface Invocation {
  readonly args: readonly string[];
  readonly shown: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly files: EnvSettings;
}

async function runConfigured<S extends z.ZodObject>(
  app: AppDefinition<S>,
  config: z.output<S>,
  { args, shown, warnings, files: { files } }: Invocation,
): Promise<number> {
  const printsResult = app.printsResult?.(args) ?? false;
  const log = loggerOf(app, config, printsResult);
  const shutdown = new Shutdown(log);
  endOnSignal((signal) => {
    log.info({ signal }, 'stopping');
    return shutdown.now();
  });
  // Many settings are named like secrets, whose values the logger would redact; the values here are redacted already.
  log[printsResult ? 'debug' : 'info']({ config: { toJSON: () => shown }, envFiles: files }, 'starting');
  for (const sentence of warnings) {
    if (printsResult) process.stderr.write(`${app.name}: ${sentence}\n`);
    else log.warn(sentence);
  }
  try {
    const code = await app.start(config, { log, shutdown, args });
    return typeof code === 'number' ? code : await new Promise<never>(() => {});
  } catch (error) {
    if (!isStopping()) logFailure(log, error, printsResult);
    throw error;
  } finally {
    await shutdown.now();
  }
}

function loggerOf<S extends z.ZodObject>(app: AppDefinition<S>, config: z.output<S>, printsResult: boolean) {
  const { LOG_LEVEL = 'info' } = config as { LOG_LEVEL?: string };
  const level = app.logLevel?.(config) ?? LOG_LEVEL;
  const together = app.batchesLog ? batchedOutput() : undefined;
  return createLogger(app.name, level, printsResult ? process.stderr : together);
}

/** Logs why the app failed. Standard error already has the sentence of an ExitError. */
function logFailure(log: Logger, error: unknown, printsResult: boolean): void {
  if (!(error instanceof ExitError)) log.fatal({ err: error }, 'stopped by an unexpected error');
  else if (!printsResult) log.error({ exitCode: error.exitCode }, error.message);
}
