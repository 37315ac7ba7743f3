import { parseArgs } from 'node:util';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Command } from '../commands/command.js';

export interface TypedCommand {
  readonly name: string;
  readonly command: Command;
  /** As the command's schema takes them. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  /** File for the secret. */
  readonly out: string | undefined;
}

/** Reads a command line. Throws an ExitError 2 that says what was not understood. */
export function parseCommandLine(
  program: string,
  commands: Readonly<Record<string, Command>>,
  typed: readonly string[],
): TypedCommand {
  const [name = '', ...rest] = typed;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const all = Object.keys(commands).join(', ');
    throw misused(
      program,
      name === '' ? `Say what to do: ${all}.` : `There is no command '${name}'; there are ${all}.`,
    );
  }
  const { values, positionals } = parsed(program, command, rest);
  const { json, out, ...options } = values as Record<string, unknown> & { json: boolean; out?: string };
  if (positionals.length > (command.positional ? 1 : 0))
    throw misused(program, `'${positionals.at(-1) ?? ''}' is not understood.`);
  const positional = command.positional && positionals[0];
  const args = { ...options, ...(positional ? { [command.positional ?? '']: positional } : {}) };
  return { name, command, args, json, out };
}

function parsed(program: string, command: Command, args: string[]) {
  const own = Object.fromEntries(
    Object.entries(command.options).map(([name, { type }]) => [name, { type }] as const),
  );
  const out = command.issues ? { out: { type: 'string' } as const } : {};
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...own, ...out, json: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw misused(program, `${(error as Error).message.split('. ')[0] ?? ''}.`);
  }
}

const misused = (program: string, what: string): ExitError =>
  new ExitError(`${what} Try: npm run ${program} -- --help`, exitCodes.usage);

/**
 * What `COMMAND --help` prints: that command, and where the rest is. Undefined when the command line asks for something
 * else.
 */
export function commandHelp(
  program: string,
  commands: Readonly<Record<string, Command>>,
  [name = '', ...rest]: readonly string[],
): string | undefined {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command || !rest.includes('--help')) return undefined;
  const lines = usageOf(program, { [name]: command });
  return [...lines, `Settings and exit codes: npm run ${program} -- --help`, ''].join('\n');
}

/** The lines of `--help` about commands. */
export function usageOf(program: string, commands: Readonly<Record<string, Command>>): string[] {
  return Object.values(commands).flatMap(({ usage, about, options, issues }) => [
    `npm run ${program} -- ${usage}`,
    `    ${about}`,
    ...Object.entries({ ...options, ...(issues ? { out } : {}), json }).map(
      ([name, option]) => `      --${name.padEnd(13)} ${option.about}`,
    ),
    '',
  ]);
}

const out = {
  about: 'file that is made for the secret, readable by you alone; without it a terminal shows it',
};
const json = { about: 'prints the result as JSON, for scripts' };
