import { z } from 'zod';
import { explainedDatabaseError } from '#gatehouse/database';
import { FusionAuthDeclined, FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import type { ApprovalRequest } from '#gatehouse/fusionauth/control';
import { exitCodes, ExitError, type Options } from '#gatehouse/platform';
import type { CommandContext, FusionAuthContext } from '../context.js';
import type { HandOver } from '../issuers/issuer.js';

/** The interface of a running command to its caller. */
export interface CommandIO {
  /** The actor, as the audit trail records it. */
  readonly actor: string;
  /** Reports progress. */
  readonly report: (text: string) => void;
  /** Resolves once the secret is stored; rejects if it was not. Until then nothing counts as issued. */
  readonly deliver: (handOver: HandOver) => Promise<void>;
  /** Shows a person where to approve a device. Absent where nobody could see it. */
  readonly showApproval?: (request: ApprovalRequest) => void;
  /** Aborts when nobody waits for the result any more. */
  readonly signal?: AbortSignal;
  /** Takes what must still be done where a signal ends this process before the command has. */
  readonly beforeExit?: (name: string, close: () => Promise<unknown>) => void;
}

/** Checks the arguments as given, and runs. Throws an ExitError for every expected failure. */
type Execute<C, R> = (args: unknown, context: C, io: CommandIO) => Promise<R>;

/** A command about FusionAuth only: it runs in any process. */
export interface FusionAuthCommand<R extends object = object> {
  readonly needsDatabase: false;
  /** Each schema reads a text, or the boolean of a flag. */
  readonly args: Options;
  readonly execute: Execute<FusionAuthContext, R>;
}

/** A command that runs in the process that has the database open. */
export interface DatabaseCommand<R extends object = object> {
  readonly needsDatabase: true;
  /** Each schema reads a text, or the boolean of a flag. */
  readonly args: Options;
  readonly execute: Execute<CommandContext, R>;
}

export type Command<R extends object = object> = FusionAuthCommand<R> | DatabaseCommand<R>;

type Run<A extends Options, C, R> = (args: z.output<z.ZodObject<A>>, context: C, io: CommandIO) => Promise<R>;

export const fusionAuthCommand = <A extends Options, R extends object>(
  args: A,
  run: Run<A, FusionAuthContext, R>,
): FusionAuthCommand<R> => ({ needsDatabase: false, args, execute: executing(args, run) });

export const databaseCommand = <A extends Options, R extends object>(
  args: A,
  run: Run<A, CommandContext, R>,
): DatabaseCommand<R> => ({ needsDatabase: true, args, execute: executing(args, run) });

const executing =
  <A extends Options, C, R>(schemas: A, run: Run<A, C, R>): Execute<C, R> =>
  async (args, context, io) => {
    const read = z.object(schemas).safeParse(args);
    if (!read.success) {
      const problems = read.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`);
      throw new ExitError(problems.join('\n'), exitCodes.usage);
    }
    return run(read.data, context, io).catch((error: unknown) => {
      throw asExitError(error);
    });
  };

const nothingLost = 'Everything that was active still is, and the next command undoes what was begun.';

/** Returns the ExitError for an expected failure, which describes the state of the work; any other error unchanged. */
export function asExitError(error: unknown, workSoFar = nothingLost): unknown {
  const ended = (text: string, code: number) => new ExitError(text, code, { cause: error });
  if (error instanceof FusionAuthUnavailable) {
    return ended(
      `${error.message}. ${workSoFar} Check whether FusionAuth is running at FUSIONAUTH_URL, and repeat the command.`,
      exitCodes.unavailable,
    );
  }
  if (error instanceof FusionAuthRefusedUs) {
    return ended(
      `FusionAuth does not let ${error.setting} do ${error.operation}: it is not a key of this FusionAuth, has expired, or ` +
        `lacks the permission (Settings, API Keys). ${workSoFar}`,
      exitCodes.credentialRefused,
    );
  }
  if (error instanceof FusionAuthDeclined) {
    return ended(
      error.notLicensed
        ? 'FusionAuth has no licence for entities (not_licensed), which client-credentials need: choose another strategy, or a plan with entities.'
        : `${error.message}. ${workSoFar}`,
      exitCodes.workHeld,
    );
  }
  return explainedDatabaseError(error, workSoFar);
}
