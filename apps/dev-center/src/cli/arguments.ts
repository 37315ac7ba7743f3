import { z } from 'zod';
import {
  chooseCommand,
  type CommandLine,
  flagOption,
  option,
  optionLines,
  splitArguments,
} from '#gatehouse/platform';
import type { Face, Faces } from './faces.js';

const json = flagOption('print the result as JSON, for scripts');
const out = option(z.string().optional(), {
  about: 'new file for the secret, readable only by you; without it the secret is shown on the terminal',
  value: 'FILE',
});

/** Describes the command line of a command. */
export const commandLine = (program: string, { command, issues, positional }: Face): CommandLine => ({
  command: `npm run ${program}`,
  options: { ...command.args, ...(issues && { out }), json },
  positionals: positional === undefined ? [] : [positional],
});

/** Reads a command line. Throws an ExitError 2 that says what is wrong with it. */
export function parseCommandLine(program: string, faces: Faces, typed: readonly string[]) {
  const { name, chosen: face, rest } = chooseCommand(`npm run ${program}`, faces, typed);
  const line = commandLine(program, face);
  const { json = false, out, ...args } = splitArguments(line, rest);
  return { name, face, line, args, json: json === true, out: out as string | undefined };
}

/**
 * Returns the text of `COMMAND --help`, about that command only; undefined if the command line is not a request for
 * it.
 */
export function commandHelp(
  program: string,
  faces: Faces,
  [name = '', ...rest]: readonly string[],
): string | undefined {
  const face = Object.hasOwn(faces, name) ? faces[name] : undefined;
  if (!face || !rest.includes('--help')) return undefined;
  const lines = usageOf(program, { [name]: face });
  return [...lines, `Settings and exit codes: npm run ${program} -- --help`, ''].join('\n');
}

/** Returns the lines of `--help` about commands. */
export const usageOf = (program: string, faces: Faces): string[] =>
  Object.values(faces).flatMap((face) => [
    `npm run ${program} -- ${face.usage}`,
    `    ${face.about}`,
    ...optionLines(commandLine(program, face)).map((line) => `    ${line}`),
    '',
  ]);
