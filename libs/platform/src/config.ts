import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { exitCodes, ExitError } from './exit.js';
import { redactText } from './logger.js';
import { Secret } from './secret.js';
import { aboutSetting } from './setting.js';
import { isSendableSecret } from './setting-kinds.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The process environment; the only place that reads it. */
export const processEnvironment = (): Environment => process.env;

/** Adds settings that files gave to the process environment, where every part of an app then finds them. */
export const addToProcessEnvironment = (settings: Readonly<Record<string, string>>): void => {
  Object.assign(process.env, settings);
};

/**
 * Whether HTTP goes through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. Node decides so for its own `fetch`
 * (NODE_USE_ENV_PROXY=1 or --use-env-proxy); clients with connections of their own follow it.
 */
export const usesProxies = ({ NODE_USE_ENV_PROXY, NODE_OPTIONS = '' }: Environment = process.env): boolean =>
  NODE_USE_ENV_PROXY === '1' || [...process.execArgv, ...NODE_OPTIONS.split(' ')].includes('--use-env-proxy');

/** Every problem of a configuration at once, as `NAME: what is wrong (example: …)`, never with a value. Exit 78. */
export class ConfigurationError extends ExitError {
  /** `advice` says where the settings are listed; a library has no --help. */
  constructor(
    readonly problems: readonly string[],
    readonly advice = 'Try --help for the list of settings.',
  ) {
    super(
      `Configuration is not usable:\n${problems.map((line) => `  ${line}\n`).join('')}${advice}`,
      exitCodes.badConfiguration,
    );
  }

  /** The same problems, each with the file that gave the setting, and then `hints` at what may have caused them. */
  withOrigins(origins: ReadonlyMap<string, string>, hints: readonly string[] = []): ConfigurationError {
    const problems = this.problems.map((problem) => {
      const [, name = '', rest = ''] = /^(\w+)(: [^]*)$/.exec(problem) ?? [];
      const file = origins.get(name);
      return file === undefined ? problem : `${name} in ${file}${rest}`;
    });
    return new ConfigurationError([...problems, ...hints], this.advice);
  }
}

/**
 * Reads an app's settings, whose keys are the names of environment variables, from `environment`.
 * An empty value counts as unset. Throws {@link ConfigurationError} with all problems.
 */
export function parseConfig<S extends z.ZodObject>(schema: S, environment: Environment): z.output<S> {
  const unreadable = new Map<string, string>();
  const input: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const value = readSetting(name, field as z.ZodType, environment, unreadable);
    if (value) input[name] = value;
  }
  const result = schema.safeParse(input);
  if (result.success && unreadable.size === 0) return result.data;
  const invalid = (result.error?.issues ?? [])
    .map((issue) => ({ name: String(issue.path[0] ?? 'environment'), issue }))
    .filter(({ name }) => !unreadable.has(name))
    .map(({ name, issue }) => describe(name, issue, schema, name in input));
  throw new ConfigurationError([...new Set([...unreadable.values(), ...invalid])]);
}

/** The variable itself, else for a secret the file that `NAME_FILE` names, else outside production the development default. */
function readSetting(
  name: string,
  field: z.ZodType,
  environment: Environment,
  unreadable: Map<string, string>,
): string | undefined {
  const about = aboutSetting(field);
  const value = environment[name];
  if (value) return value;
  const file = about?.secret ? environment[`${name}_FILE`] : undefined;
  if (!file) return environment['NODE_ENV'] === 'production' ? undefined : about?.developmentDefault;
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text === '') unreadable.set(name, `${name}_FILE: names an empty file`);
    return text;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    unreadable.set(name, `${name}_FILE: cannot be read (${code})`);
    return undefined;
  }
}

/**
 * The secret `name` as its file holds it now; undefined when it was not configured by `NAME_FILE`, or when the file holds
 * nothing usable at this instant. A secret that was rotated in its file is so taken up without a restart.
 */
export async function rereadSecret(name: string, environment: Environment): Promise<Secret | undefined> {
  const file = environment[name] ? undefined : environment[`${name}_FILE`];
  const text = file ? (await readFile(file, 'utf8').catch(() => '')).trim() : '';
  return isSendableSecret(text) ? new Secret(text) : undefined;
}

function describe(name: string, issue: z.core.$ZodIssue, schema: z.ZodObject, given: boolean): string {
  const field = schema.shape[name] as z.ZodType | undefined;
  const example = field && aboutSetting(field)?.example;
  // A zod message quotes expectations, never what was received; an absent value gets plainer words.
  const wrong = given || issue.code === 'custom' ? issue.message : 'is required';
  return `${name}: ${wrong}${example ? ` (example: ${example})` : ''}`;
}

/** The configuration as it may be printed: values in clear or `unset`, secrets as `set` or `unset`. */
export function effectiveConfig(schema: z.ZodObject, config: object): Record<string, unknown> {
  const values = config as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => {
      const value = values[name];
      if (value === undefined) return [name, 'unset'];
      const isSecret = aboutSetting(field as z.ZodType)?.secret || value instanceof Secret;
      return [name, isSecret ? 'set' : typeof value === 'string' ? redactText(value) : value];
    }),
  );
}
