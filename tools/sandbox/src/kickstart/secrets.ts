import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Values } from '#gatehouse/fusionauth/kickstart';
import { type Environment, exitCodes, ExitError } from '#gatehouse/platform';
import { writeAtomically } from '../state/state-file.js';

export const secretsFileIn = (directory: string): string => join(directory, 'secrets.env');

interface Secrets {
  readonly secrets: Values;
  /** The names without a value in the environment. */
  readonly generated: readonly string[];
}

/**
 * Resolves a value for each name: from the environment (also `NAME_FILE`), else from the last start, else 32 random
 * bytes. An existing instance keeps the values it was set up with. All are written to `file`, mode 0600, if there is
 * one.
 */
export async function resolveSecrets(
  names: readonly string[],
  file: string | undefined,
  environment: Environment,
  exists: boolean,
): Promise<Secrets> {
  const stored = file === undefined ? {} : await readSecrets(file);
  const secrets: Record<string, string> = {};
  const generated: string[] = [];
  for (const name of names) {
    const given = await fromEnvironment(name, environment);
    if (given === undefined) generated.push(name);
    const known = exists ? (stored[name] ?? given) : (given ?? stored[name]);
    secrets[name] = known ?? randomBytes(32).toString('base64url');
  }
  if (file !== undefined) await writeSecrets(file, secrets);
  return { secrets, generated };
}

function writeSecrets(file: string, secrets: Values): Promise<void> {
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${written(value)}\n`);
  return writeAtomically(
    file,
    `# Secrets of the FusionAuth sandbox, for development only.\n${lines.join('')}`,
  );
}

/** Quotes a value of several lines, with its line ends escaped as in JSON. */
const written = (value: string): string => (/[\r\n]|^"/.test(value) ? JSON.stringify(value) : value);

function read(text: string): string {
  try {
    return /^".*"$/.test(text) ? (JSON.parse(text) as string) : text;
  } catch {
    return text;
  }
}

/** Returns the names whose value in the environment differs from the one in use. */
export async function ignoredNames(secrets: Values, environment: Environment): Promise<string[]> {
  const given = await Promise.all(
    Object.entries(secrets).map(async ([name, value]) => {
      const wanted = await fromEnvironment(name, environment);
      return wanted === undefined || wanted === value ? [] : [name];
    }),
  );
  return given.flat();
}

/** Returns the reasons why values cannot be taken from the environment, a line each. */
export async function secretProblems(names: readonly string[], environment: Environment): Promise<string[]> {
  const read = await Promise.allSettled(names.map((name) => fromEnvironment(name, environment)));
  return read.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
}

/** Throws {@link ExitError} 78 for a file that has no value. */
async function fromEnvironment(name: string, environment: Environment): Promise<string | undefined> {
  const file = environment[`${name}_FILE`];
  if (environment[name] || !file) return environment[name] || undefined;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new ExitError(`${name}_FILE: cannot be read (${code})`, exitCodes.badConfiguration, { cause });
  });
  if (text.trim() !== '') return text.trim();
  throw new ExitError(`${name}_FILE: the file is empty`, exitCodes.badConfiguration);
}

async function readSecrets(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  return Object.fromEntries(
    [...text.matchAll(/^([^#\s=]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, read(value)]),
  );
}
