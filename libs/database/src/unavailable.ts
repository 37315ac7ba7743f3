// Codes of node-postgres' sockets; SQLSTATE classes by appendix A of the PostgreSQL manual; Prisma's error reference.
const socketCodes = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT$)/;
const sqlStates = /^(08...|53...|57P0.|57014|25006|55P03|58...)$/;
const prismaCodes = /^(P1001|P1002|P1008|P1011|P1017|P2024|P2028|P2037)$/;
const messages = /timeout|Connection terminated|not queryable|PGlite is clos/i;

interface AnyDatabaseError {
  readonly code?: string;
  /** The SQLSTATE, where Prisma's driver adapter wraps the server's error. */
  readonly originalCode?: string;
  readonly message?: string;
  readonly meta?: { readonly driverAdapterError?: unknown };
  readonly cause?: unknown;
  /** Node tries every address of a name and gathers the failures. */
  readonly errors?: readonly unknown[];
}

/** Whether `error` says that the database cannot answer now, as opposed to refusing what it was asked. */
export function databaseUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, originalCode, message, meta, cause, errors } = error as AnyDatabaseError;
  const known = originalCode ?? code;
  if (known !== undefined && [socketCodes, sqlStates, prismaCodes].some((codes) => codes.test(known)))
    return true;
  if (known === undefined && messages.test(message ?? '')) return true;
  return [cause, meta?.driverAdapterError, ...(errors ?? [])].some(databaseUnavailable);
}
