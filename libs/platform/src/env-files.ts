import { join } from 'node:path';
import type { z } from 'zod';
import {
  addToProcessEnvironment,
  ConfigurationError,
  type Environment,
  processEnvironment,
} from './config.js';
import { type EnvFile, readEnvFile } from './env-file.js';
import { envFilesIn, unknownNames } from './env-file-warnings.js';
import { aboutSetting } from './setting.js';

/** The apps that read `.env` files, by their directories: `.env.todo-api` belongs to the Todo API alone. */
export const appDirectories = [
  'todo-api',
  'forward-auth',
  'reminder-app',
  'dev-center',
  'sandbox',
  'mailbox',
  'start',
] as const;
export type AppDirectory = (typeof appDirectories)[number];

export interface EnvFilesOptions {
  /** Undefined for a program that reads no `.env` files. */
  readonly app: AppDirectory | undefined;
  readonly schemas: readonly z.ZodObject[];
  /**
   * Returns the names of further secrets that the app reads, given the environment and the contents of all files.
   * Each is also read as `NAME_FILE`.
   */
  readonly alsoReads?: ((environment: Environment) => Promise<readonly string[]>) | undefined;
}

/** The settings that an app gets from `.env` files. */
export interface EnvSettings {
  /** The files that were read, the most specific first. */
  readonly files: readonly string[];
  /** The files of other apps, which were not read. */
  readonly othersFiles: readonly string[];
  /** The settings to add to the environment. */
  readonly values: Readonly<Record<string, string>>;
  /** The file of each setting. */
  readonly origins: ReadonlyMap<string, string>;
  /** A sentence for each file that lists the names used from it and those that were not. */
  readonly notes: readonly string[];
  /** A sentence for each file that is not read and each name that no app knows. */
  readonly warnings: readonly string[];
}

interface FoundFile extends EnvFile {
  readonly file: string;
}

interface KnownName {
  /** The setting that the name sets: `KEY` for both `KEY` and `KEY_FILE` of a secret. */
  readonly setting: string;
  /** Whether the app reads it from `.env`. */
  readonly shareable: boolean;
}
type KnownNames = ReadonlyMap<string, KnownName>;

const shared = '.env';
const ownFile = (app: AppDirectory): string => `.env.${app}`;
const ownFiles = appDirectories.map(ownFile);
const nothing: EnvSettings = {
  files: [],
  othersFiles: [],
  values: {},
  origins: new Map(),
  notes: [],
  warnings: [],
};

/** Adds the settings of the files in the current directory, if there are any, to the process environment. */
export async function loadEnvFiles(options: EnvFilesOptions): Promise<EnvSettings> {
  const settings = await readEnvFiles(options, processEnvironment(), process.cwd());
  addToProcessEnvironment(settings.values);
  return settings;
}

/**
 * Returns the settings that `.env.<app>` and `.env` in `directory` add to `environment`, in development only. The
 * environment takes precedence over `.env.<app>`, which takes precedence over `.env`, even if the setting is empty or
 * given as `NAME_FILE`. All apps share `.env`, so an app takes only the settings that it knows and may have. Throws
 * {@link ConfigurationError} if a file cannot be used.
 */
export async function readEnvFiles(
  options: EnvFilesOptions,
  environment: Environment,
  directory: string,
): Promise<EnvSettings> {
  if (options.app === undefined || !isDevelopment(environment)) return nothing;
  const found = [ownFile(options.app), shared].flatMap((file) => {
    const content = readEnvFile(join(directory, file));
    return content ? [{ file, ...content }] : [];
  });
  const problems = found.flatMap(problemsOf);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const known = await knownNames(options, everything(environment, found));
  const files = found.map(({ file }) => file);
  const besides = envFilesIn(directory).filter((file) => !files.includes(file));
  return {
    files,
    othersFiles: besides.filter((file) => ownFiles.includes(file)),
    ...taken(found, known, environment),
    warnings: [
      ...besides
        .filter((file) => !ownFiles.includes(file))
        .map((file) => `${file} is not read: settings belong in ${[shared, ...ownFiles].join(', ')}.`),
      ...found.flatMap(({ file, values }) =>
        unknownNames(
          { file, names: Object.keys(values), isShared: file === shared },
          [...known.keys()],
          directory,
        ),
      ),
    ],
  };
}

const isDevelopment = ({ NODE_ENV }: Environment): boolean => (NODE_ENV || 'development') === 'development';

/** Returns the problems of a file. NODE_ENV decides whether files are read, so a file cannot change it. */
const problemsOf = ({ file, values, problem }: FoundFile): string[] => [
  ...(problem === undefined ? [] : [problem]),
  ...(isDevelopment(values)
    ? []
    : [`NODE_ENV in ${file}: set it in the environment; this file is read in development only`]),
];

const everything = (environment: Environment, found: readonly FoundFile[]): Environment =>
  Object.assign({}, ...found.map(({ values }) => values).toReversed(), environment) as Environment;

async function knownNames({ schemas, alsoReads }: EnvFilesOptions, all: Environment): Promise<KnownNames> {
  const known = new Map<string, KnownName>();
  const add = (setting: string, secret: boolean, shareable: boolean) => {
    for (const name of secret ? [setting, `${setting}_FILE`] : [setting])
      known.set(name, { setting, shareable: shareable || known.get(name)?.shareable === true });
  };
  for (const [name, field] of schemas.flatMap(({ shape }) => Object.entries(shape))) {
    const about = aboutSetting(field as z.ZodType);
    add(name, about?.secret === true, about?.forbidden !== true);
  }
  for (const name of (await alsoReads?.(all)) ?? []) add(name, true, true);
  return known;
}

function taken(
  found: readonly FoundFile[],
  known: KnownNames,
  environment: Environment,
): Pick<EnvSettings, 'values' | 'origins' | 'notes'> {
  const values: Record<string, string> = {};
  const origins = new Map<string, string>();
  const notes: string[] = [];
  const sources = new Map<string, string>();
  const settingOf = (name: string) => known.get(name)?.setting ?? name;
  for (const name of Object.keys(environment)) sources.set(settingOf(name), 'the environment');
  for (const { file, values: held } of found) {
    const names = Object.keys(held).filter((name) =>
      file !== shared ? known.has(name) : known.get(name)?.shareable,
    );
    const hidden = names.filter((name) => sources.has(settingOf(name)));
    const counting = names.filter((name) => !hidden.includes(name));
    for (const name of counting) {
      values[name] = held[name] ?? '';
      origins.set(name, file);
    }
    notes.push(`From ${file}: ${counting.join(', ') || 'nothing'}.`);
    for (const name of hidden)
      notes.push(`${name} of ${file} is ignored: ${sources.get(settingOf(name)) ?? ''} sets it.`);
    for (const name of counting) sources.set(settingOf(name), file);
  }
  return { values, origins, notes };
}
