import { parseArgs } from 'node:util';
import { z } from 'zod';
import { exitCodes, ExitError } from './exit.js';
import { runMain } from './process-end.js';
import { defaultOf } from './setting.js';

/** Describes an option to an operator, in `--help` and in error messages. */
interface OptionAbout {
  readonly about: string;
  /** The placeholder for the value in `--help`, such as `FILE`. An option without one takes no value. */
  readonly value?: string;
  /** The option may be repeated; its schema is that of an array. */
  readonly repeated?: true;
}

/** Options by their names in camel case: `dryRun` is passed as `--dry-run`. */
export type Options = Readonly<Record<string, z.ZodType>>;

/** Describes a command line that {@link readArguments} reads. */
export interface CommandLine<S extends Options = Options> {
  /** The command before the arguments, such as `npm run bench`. */
  readonly command: string;
  readonly options: S;
  /** Names of the options that are passed by position, without `--name`. */
  readonly positionals?: readonly string[];
}

export type Arguments<S extends Options> = z.output<z.ZodObject<S>>;

/**
 * Declares an option with a value, whose schema reads text. Must be the outermost call, because zod drops metadata on
 * every further method.
 */
export const option = <S extends z.ZodType>(schema: S, about: OptionAbout & { readonly value: string }): S =>
  schema.meta({ ...about });

/** Declares an option without a value; it is true if present. */
export const flagOption = (about: string) => z.boolean().default(false).meta({ about });

/** The options that every app has. */
export const commonOptions = {
  help: flagOption('this text'),
  checkConfig: flagOption('validate the environment, print it without secrets, exit 0 or 78'),
};

/** Reads a command line. Throws an ExitError 2 that lists everything that is wrong with it. */
export function readArguments<S extends Options>(
  line: CommandLine<S>,
  args: readonly string[],
): Arguments<S> {
  return checkArguments(line, splitArguments(line, args));
}

/**
 * Returns the arguments by the names of their options, as typed. Throws an ExitError 2 for an unknown option, and for
 * too many or too few values.
 */
export function splitArguments(
  { command, options, positionals = [] }: CommandLine,
  args: readonly string[],
): Record<string, unknown> {
  const named = Object.entries(options).filter(([name]) => !positionals.includes(name));
  const { values, positionals: placed } = parsed(command, args, Object.fromEntries(named));
  const [surplus] = placed.slice(positionals.length);
  if (surplus !== undefined) throw misused(command, `'${surplus}' is not an argument of this command.`);
  return Object.fromEntries([
    ...named.map(([name]) => [name, values[kebab(name)]]),
    ...positionals.map((name, index) => [name, placed[index]]),
  ]) as Record<string, unknown>;
}

/** Checks and converts the values of {@link splitArguments}. Throws an ExitError 2 with a line for each invalid one. */
export function checkArguments<S extends Options>(
  { command, options, positionals = [] }: CommandLine<S>,
  values: Readonly<Record<string, unknown>>,
): Arguments<S> {
  const result = z.object(options).safeParse(values);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    const { about, value } = aboutOption(options[name]);
    const shown = positionals.includes(name) ? value : `--${kebab(name)}`;
    return `${shown} ${values[name] === undefined ? `is required: ${about}` : message}`;
  });
  throw misused(command, `${[...new Set(problems)].join('\n')}.`);
}

function parsed(command: string, args: readonly string[], options: Options) {
  const types = Object.entries(options).map(([name, schema]) => {
    const { value, repeated: multiple = false } = aboutOption(schema);
    return [kebab(name), { type: value === undefined ? 'boolean' : 'string', multiple }] as const;
  });
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: Object.fromEntries(types) });
  } catch (error) {
    throw misused(command, `${(error as Error).message.split('. ')[0] ?? ''}.`);
  }
}

/**
 * Returns the command that the first argument names, and the remaining arguments. Throws an ExitError 2 if there is
 * no such command.
 */
export function chooseCommand<C>(
  command: string,
  commands: Readonly<Record<string, C>>,
  [name = '', ...rest]: readonly string[],
): { readonly name: string; readonly chosen: C; readonly rest: readonly string[] } {
  const chosen = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (chosen !== undefined) return { name, chosen, rest };
  const all = Object.keys(commands).join(', ');
  throw misused(
    command,
    name === ''
      ? `A command is required: ${all}.`
      : `There is no command '${name}'. The commands are ${all}.`,
  );
}

/**
 * Returns the error for wrong usage: what is wrong, and where help is. npm keeps options for itself unless they
 * follow `--`.
 */
export const misused = (command: string, what: string): ExitError =>
  new ExitError(`${what} Try: ${command}${command.startsWith('npm ') ? ' --' : ''} --help`, exitCodes.usage);

/** Width of a line of `--help`, in columns. */
const lineWidth = 110;

/** Returns the lines of `--help` about options: `--name VALUE`, its description, its default. */
export function optionLines({ options, positionals = [] }: Omit<CommandLine, 'command'>): string[] {
  const rows = Object.entries(options).map(([name, schema]) => {
    const { about, value } = aboutOption(schema);
    const fallback = value === undefined ? undefined : defaultOf(schema);
    const words = [positionals.includes(name) ? undefined : `--${kebab(name)}`, value];
    return {
      option: words.filter((word) => word !== undefined).join(' '),
      text: fallback === undefined ? about : `${about} (default ${fallback})`,
    };
  });
  const width = Math.max(...rows.map(({ option }) => option.length)) + 2;
  return rows.flatMap(({ option, text }) =>
    wrapped(text, lineWidth - width - 2).map(
      (line, index) => `  ${(index === 0 ? option : '').padEnd(width)}${line}`,
    ),
  );
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A command that has no settings. */
export interface Tool<S extends Options> extends CommandLine<S> {
  readonly name: string;
  /** Text of `--help` before the options. It begins with what the command does. */
  readonly about: string;
  /** Text of `--help` after the options, such as exit codes. */
  readonly notes?: string;
  /** Resolves with the exit code. */
  readonly run: (args: Arguments<S>) => Promise<number>;
}

/** The `main` of a tool: prints `--help`, or runs `run` with the arguments of this process. Never returns. */
export const runTool = <S extends Options>(tool: Tool<S>): Promise<never> =>
  runMain(tool.name, async (args) => {
    if (!args.includes('--help')) return tool.run(readArguments(tool, args));
    process.stdout.write(toolHelp(tool));
    return exitCodes.done;
  });

/** Returns the text of a tool's `--help`. */
export function toolHelp<S extends Options>({ name, about, notes, options, positionals }: Tool<S>): string {
  const lines = optionLines({
    options: { ...options, help: commonOptions.help },
    ...(positionals && { positionals }),
  });
  return [
    `${name}: ${about}`,
    '',
    'Options:',
    ...lines,
    ...(notes === undefined ? [] : ['', notes]),
    '',
  ].join('\n');
}

const aboutOption = (schema: z.ZodType | undefined): OptionAbout => schema?.meta() as unknown as OptionAbout;

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
