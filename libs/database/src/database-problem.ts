import { exitCodes, ExitError } from '#gatehouse/platform';
import { type AnyDatabaseError, operatorAdvice } from './operator-advice.js';

// Codes of node-postgres' sockets; SQLSTATE classes by appendix A of the PostgreSQL manual; Prisma's error reference.
const socketCodes = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT$)/;
const sqlStates = /^(08...|53...|57P0.|57014|25006|55P03|58...)$/;
const prismaCodes = /^(P1001|P1002|P1008|P1017|P2024|P2028|P2037)$/;
const messages = /timeout|Connection terminated|not queryable|PGlite is (closed|closing)/i;

/**
 * A failure of the database, in words for the operator. Exit code 4 if it is temporary and a retry helps, 78 if an
 * operator must act first.
 */
export class DatabaseProblem extends ExitError {
  /** Whether a retry may help without anybody acting. */
  get passes(): boolean {
    return this.exitCode === exitCodes.unavailable;
  }
}

/**
 * Returns the problem of the database that `error` describes: a temporary failure, or one that an operator must fix.
 * Undefined for anything else: a refused statement, or a bug. `soFar` is a sentence about the state of the work.
 */
export function databaseProblem(error: unknown, soFar = 'Nothing is lost.'): DatabaseProblem | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  // An explained error keeps its message, and its cause may have nothing to do with a database.
  if (error instanceof ExitError) return error instanceof DatabaseProblem ? error : undefined;
  const known = error as AnyDatabaseError;
  const advice = operatorAdvice(known);
  if (advice !== undefined) return new DatabaseProblem(advice, exitCodes.badConfiguration, { cause: error });
  if (passesByItself(known)) {
    return new DatabaseProblem(
      `The database does not answer. ${soFar} Check DATABASE_URL and that the server is running.`,
      exitCodes.unavailable,
      { cause: error },
    );
  }
  for (const inner of [known.cause, known.meta?.driverAdapterError, ...(known.errors ?? [])]) {
    const problem = databaseProblem(inner, soFar);
    if (problem) return problem;
  }
  return undefined;
}

function passesByItself({ code, originalCode, message }: AnyDatabaseError): boolean {
  const known = originalCode ?? code;
  if (known === undefined) return messages.test(message ?? '');
  return [socketCodes, sqlStates, prismaCodes].some((codes) => codes.test(known));
}

/** Returns the {@link DatabaseProblem} in `error`, or else `error` itself, for a command to throw. */
export const explainedDatabaseError = (error: unknown, soFar?: string): unknown =>
  databaseProblem(error, soFar) ?? error;

/** Tells whether `error` means that the database cannot answer now and that a retry may help. */
export const databaseUnavailable = (error: unknown): boolean => databaseProblem(error)?.passes === true;
