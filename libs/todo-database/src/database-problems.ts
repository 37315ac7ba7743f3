import { ProblemError } from '#gatehouse/platform';

const retryAfterSeconds = 2;

const unavailable = (detail: string, cause?: unknown): ProblemError =>
  new ProblemError(503, 'database_unavailable', detail, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
    ...(cause === undefined ? {} : { cause }),
  });

/** The database has not been reached or migrated so far. */
export const databaseNotReady = (): ProblemError =>
  unavailable('The API is starting and its database is not ready. Retry.');

/** The connection to the database was lost; whether a write took effect is unknown. */
export const databaseLost = (cause: unknown): ProblemError =>
  unavailable('The database cannot be reached just now. The request is not at fault: retry.', cause);
