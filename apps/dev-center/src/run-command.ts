import { explainedDatabaseError } from '#gatehouse/database';
import { FusionAuthDeclined, FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Center } from './center.js';
import type { Command } from './commands/command.js';
import type { Talk } from './talk.js';

/**
 * Runs a command with arguments as they were typed. Throws an ExitError with what to do about it for everything that can
 * be expected to go wrong.
 */
export async function runCommand(
  command: Command,
  args: unknown,
  center: Center,
  talk: Talk,
): Promise<object> {
  const read = checkArguments(command, args);
  try {
    return await command.run(read, center, talk);
  } catch (error) {
    throw explained(error);
  }
}

/** The arguments as the command takes them. Throws an ExitError 2 that says what is wrong with each of them. */
export function checkArguments({ schema, positional }: Command, args: unknown): unknown {
  const read = schema.safeParse(args);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${name === positional ? name.toUpperCase() : `--${name}`} ${message}`;
  });
  throw new ExitError(`${problems.join('\n')}\nTry --help.`, exitCodes.usage);
}

const nothingLost = 'What was in force still is, and what was begun is taken back by the next command.';

/** The ExitError for what can be expected to go wrong, with what has become of the work; anything else as it is. */
export function explained(error: unknown, soFar = nothingLost): unknown {
  const ended = (text: string, code: number) => new ExitError(text, code, { cause: error });
  if (error instanceof FusionAuthUnavailable) {
    return ended(
      `${error.message}. ${soFar} See whether FusionAuth is up at FUSIONAUTH_URL, and repeat the command.`,
      exitCodes.unavailable,
    );
  }
  if (error instanceof FusionAuthRefusedUs) {
    return ended(
      `FusionAuth does not let ${error.setting} do ${error.operation}: it is no key of this FusionAuth, has expired, or ` +
        `is not permitted that (Settings, API Keys). ${soFar}`,
      exitCodes.credentialRefused,
    );
  }
  if (error instanceof FusionAuthDeclined) {
    return ended(
      error.notLicensed
        ? 'FusionAuth has no licence for entities (not_licensed), which client-credentials need: choose another strategy, or a plan with entities.'
        : `${error.message}. ${soFar}`,
      exitCodes.workHeld,
    );
  }
  return explainedDatabaseError(error, soFar);
}
