import type { ExitError } from '#gatehouse/platform';

/** Resolves with the error that the work fails with. */
export const failure = async (work: Promise<unknown>): Promise<ExitError> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as ExitError,
  );
