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

const json = flagOption('prints the result as JSON, for scripts');
const out = option(z.string().optional(), {
  about: 'file that is made for the secret, readable by you alone; without it a terminal shows it',
  value: 'FILE',
});

/** How a command is written on the command line of a program. */
export const commandLine = (program: string, { command, issues, positional }: Face): CommandLine => ({
  command: `npm run ${program}`,
  options: { ...command.args, ...(issues && { out }), json },
  positionals: positional === undefined ? [] : [positional],
});

/** Reads a command line. Throws an ExitError 2 that says what was not understood. */
export function parseCommandLine(program: string, faces: Faces, typed: readonly string[]) {
  const { name, chosen: face, rest } = chooseCommand(`npm run ${program}`, faces, typed);
  const line = commandLine(program, face);
  const { json = false, out, ...args } = splitArguments(line, rest);
  return { name, face, line, args, json: json === true, out: out as string | undefined };
}

/** The text of `COMMAND --help`, about that command alone. Undefined when the command line asks for something else. */
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

/** The lines of `--help` about commands. */
export const usageOf = (program: string, faces: Faces): string[] =>
  Object.values(faces).flatMap((face) => [
    `npm run ${program} -- ${face.usage}`,
    `    ${face.about}`,
    ...optionLines(commandLine(program, face)).map((line) => `    ${line}`),
    '',
  ]);
