import { ProblemError } from '#gatehouse/platform';

const retryAfterSeconds = 2;

const unavailable = (detail: string, cause?: unknown): ProblemError =>
  new ProblemError(503, 'database_unavailable', detail, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
    ...(cause === undefined ? {} : { cause }),
  });

/** The database has not been reached or migrated yet. */
export const databaseNotReady = (): ProblemError =>
  unavailable('The API is starting and cannot use its database yet. Try again.');

/** The database was lost while it was needed; whether a write took effect is then unknown. */
export const databaseLost = (cause: unknown): ProblemError =>
  unavailable(
    'The database cannot be reached just now. Nothing is wrong with the request: try again.',
    cause,
  );
