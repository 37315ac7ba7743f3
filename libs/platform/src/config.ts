import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { exitCodes, ExitError } from './exit.js';
import { redactText } from './logger.js';
import { Secret } from './secret.js';
import { aboutSetting } from './setting.js';
import { isSendableSecret } from './setting-kinds.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the process environment. This is the only place that reads it. */
export const processEnvironment = (): Environment => process.env;

/** Adds settings from files to the process environment, where every part of an app finds them. */
export const addToProcessEnvironment = (settings: Readonly<Record<string, string>>): void => {
  Object.assign(process.env, settings);
};

/**
 * Tells whether HTTP goes through the proxies in HTTP_PROXY, HTTPS_PROXY and NO_PROXY. Node decides this for its own
 * `fetch` (NODE_USE_ENV_PROXY=1 or --use-env-proxy); clients with other connections follow it.
 */
export const usesProxies = ({ NODE_USE_ENV_PROXY, NODE_OPTIONS = '' }: Environment = process.env): boolean =>
  NODE_USE_ENV_PROXY === '1' || [...process.execArgv, ...NODE_OPTIONS.split(' ')].includes('--use-env-proxy');

/** Lists every problem of a configuration, as `NAME: what is wrong (example: …)`, never with a value. Exit code 78. */
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

  /** Returns the same problems, each with the file of its setting, followed by `hints` at possible causes. */
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
 * Reads an app's settings from `environment`; the keys of the schema are names of variables. An empty value counts as
 * unset. Throws {@link ConfigurationError} with all problems.
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

/**
 * Returns the variable itself, or for a secret the content of the file that `NAME_FILE` names, or outside production
 * the development default.
 */
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
    if (text === '') unreadable.set(name, `${name}_FILE: the file is empty`);
    return text;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    unreadable.set(name, `${name}_FILE: cannot be read (${code})`);
    return undefined;
  }
}

/**
 * Reads the secret `name` from its file again, so that a secret rotated there is used without a restart. Undefined if
 * it was not configured by `NAME_FILE`, or the file has no usable content at the moment.
 */
export async function rereadSecret(name: string, environment: Environment): Promise<Secret | undefined> {
  const file = environment[name] ? undefined : environment[`${name}_FILE`];
  const text = file ? (await readFile(file, 'utf8').catch(() => '')).trim() : '';
  return isSendableSecret(text) ? new Secret(text) : undefined;
}

function describe(name: string, issue: z.core.$ZodIssue, schema: z.ZodObject, given: boolean): string {
  const field = schema.shape[name] as z.ZodType | undefined;
  const example = field && aboutSetting(field)?.example;
  // A zod message quotes expectations, never the value; a missing value gets a plainer message.
  const wrong = given || issue.code === 'custom' ? textOf(issue) : 'is required';
  return `${name}: ${wrong}${example ? ` (example: ${example})` : ''}`;
}

/** Returns the message of an issue; zod's own text about an enum quotes its values like code. */
const textOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_value' && issue.message.startsWith('Invalid option')
    ? `must be one of ${issue.values.join(', ')}`
    : issue.message;

/** Returns the configuration for printing: values in clear or `unset`, secrets as `set` or `unset`. */
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
