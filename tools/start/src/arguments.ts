import {
  type Arguments,
  commonOptions,
  flagOption,
  misused,
  option,
  outputFile,
  readArguments,
} from '#gatehouse/platform';

export const startOptions = {
  ...commonOptions,
  once: flagOption(
    'runs the whole flow once in each mode on temporary data: issues a credential, runs the Reminder App twice, checks ' +
      'the mails that arrived; exit 0 when every mode works, 1 when not',
  ),
  open: flagOption(
    'opens the home page in the browser once everything runs; not under CI or without a display',
  ),
  json: option(outputFile().optional(), {
    value: 'FILE',
    about: 'with --once: also writes the result as JSON',
  }),
};

/** Parses the command line. Throws an ExitError 2 that names what is wrong. */
export function parseArguments(args: readonly string[]): Arguments<typeof startOptions> {
  const command = 'npm start';
  const read = readArguments({ command, options: startOptions }, args);
  if (read.json !== undefined && !read.once) throw misused(command, '--json FILE needs --once.');
  if (read.open && read.once) throw misused(command, '--open and --once exclude each other.');
  return read;
}
