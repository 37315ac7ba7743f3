import { parseArgs } from 'node:util';
import { exitCodes, ExitError } from '#gatehouse/platform';

export interface StartArguments {
  readonly help: boolean;
  readonly checkConfig: boolean;
  /** One unattended round instead of a system that keeps running. */
  readonly once: boolean;
  /** Where the round's result is written. */
  readonly json: string | undefined;
}

/** Reads the command line. Throws an ExitError 2 that says what was not understood. */
export function parseArguments(args: readonly string[]): StartArguments {
  const { values } = parsed(args);
  if (values.json !== undefined && !values.once) throw misused('--json FILE belongs to --once.');
  if (values.json === '') throw misused('--json needs a file to write to.');
  return {
    help: values.help,
    checkConfig: values['check-config'],
    once: values.once,
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        'check-config': { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw misused(`${(error as Error).message.split('. ')[0]}.`);
  }
}

const misused = (what: string): ExitError =>
  new ExitError(`${what} Try: npm start -- --help`, exitCodes.usage);
