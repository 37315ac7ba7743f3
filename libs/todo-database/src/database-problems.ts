import { ProblemError } from '#gatehouse/platform';

const retryAfterSeconds = 2;

const unavailable = (detail: string, cause?: unknown): ProblemError =>
  new ProblemError(503, 'database_unavailable', detail, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
    ...(cause === undefined ? {} : { cause }),
  });

/** Returns the problem of a database that has not been reached and migrated so far. */
export const databaseNotReady = (): ProblemError =>
  unavailable('The API is starting and its database is not ready. Retry.');

/** Returns the problem of a lost connection; whether a write took effect is unknown. */
export const databaseLost = (cause: unknown): ProblemError =>
  unavailable('The database cannot be reached just now. The request is not at fault: retry.', cause);
