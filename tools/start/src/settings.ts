import {
  ConfigurationError,
  dataDirProblem,
  type Environment,
  type EnvSettings,
  loadEnvFiles,
  mistypedSettings,
  parseConfig,
  processEnvironment,
} from '#gatehouse/platform';
import { secretNames } from '../../sandbox/src/start-sandbox.js';
import { type StartConfig, startSchema } from './config.js';
import { allSchemas, ownEnvironment } from './environment.js';
import { appConfigs } from './system/app-configs.js';

interface Settings {
  readonly config: StartConfig;
  /** The environment of the apps, from the shell and the files. */
  readonly environment: Environment;
  /** The settings from files, for --check-config. */
  readonly origins: readonly string[];
  /** Notes on the settings for the person, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads the settings of everything that is started, from the environment, `.env.start` and `.env`. The apps' own files,
 * `.env.todo-api` for example, are for running one alone: here they share one process. Throws {@link
 * ConfigurationError}; the apps are checked unless `once`, where every mode has its own settings.
 */
export async function readSettings(once: boolean): Promise<Settings> {
  const files = await loadEnvFiles({ app: 'start', schemas: allSchemas, alsoReads: () => secretNames() });
  const { environment, ignored } = ownEnvironment(processEnvironment());
  const warnings = [...files.warnings, ...mistypedSettings(allSchemas, processEnvironment())];
  try {
    const config = parseConfig(startSchema, processEnvironment());
    if (!once) {
      appConfigs(environment, config);
      const problems = [...samePorts(config), ...dataDirProblem(config.DATA_DIR, '')];
      if (problems.length > 0) throw new ConfigurationError(problems);
    }
    return {
      config,
      environment,
      origins: files.notes,
      notes: [...warnings, ...notesOn(files, ignored)],
    };
  } catch (error) {
    throw error instanceof ConfigurationError ? error.withOrigins(files.origins, warnings) : error;
  }
}

/** Returns a line for each port that has the number of an earlier one. */
function samePorts(config: StartConfig): string[] {
  const ports = Object.entries<unknown>(config).filter(
    ([name, port]) => name.endsWith('_PORT') && port !== 0,
  );
  return ports.flatMap(([name, port], index) => {
    const [other] = ports.slice(0, index).find(([, earlier]) => earlier === port) ?? [];
    return other === undefined ? [] : [`${name}: must not be the same as ${other}`];
  });
}

const notesOn = ({ files, othersFiles }: EnvSettings, ignored: readonly string[]): string[] => [
  ...(files.length > 0 ? [`Settings read from ${files.join(', ')}`] : []),
  ...(othersFiles.length > 0
    ? [`Not read here, but by these apps when they run alone: ${othersFiles.join(', ')}`]
    : []),
  ...(ignored.length > 0
    ? [`Ignored here, because the apps are pointed at each other: ${ignored.join(', ')}`]
    : []),
];
