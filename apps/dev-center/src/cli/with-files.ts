import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Command } from '../commands/command.js';

/** Arguments with the content of the file that one of them names, `-` being standard input: never a secret on a command line. */
export async function withFiles(
  { reads }: Command,
  args: Readonly<Record<string, unknown>>,
): Promise<object> {
  const file = reads && args[reads];
  if (typeof file !== 'string') return args;
  const content = file === '-' ? text(process.stdin) : readFile(file, 'utf8');
  return {
    ...args,
    [reads ?? '']: await content.catch((error: unknown) => {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new ExitError(`${file} cannot be read (${code}).`, exitCodes.usage);
    }),
  };
}
