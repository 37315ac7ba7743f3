import { explainedDatabaseError } from '#gatehouse/database';
import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { exitCodes, ExitError } from '#gatehouse/platform';

/** An error page: its status, a heading, and what to do. */
export class PageProblem extends Error {
  override readonly name = 'PageProblem';

  constructor(
    readonly status: number,
    readonly title: string,
    message: string,
    /** The page to continue with. */
    readonly next?: { readonly path: string; readonly title: string },
  ) {
    super(message);
  }
}

/** The answer for something that belongs to somebody else, and for something that does not exist. */
export const nothingHere = (): PageProblem =>
  new PageProblem(
    404,
    'There is nothing here',
    'None of your pages, clients or credentials has this address.',
  );

/** Returns the page for an error; undefined for an unexpected one. */
export function problemOf(error: unknown): PageProblem | undefined {
  if (error instanceof PageProblem) return error;
  if (error instanceof FusionAuthUnavailable)
    return away('FusionAuth does not answer just now. Nothing was changed: try again in a moment.');
  if (error instanceof FusionAuthRefusedUs) return new PageProblem(500, notSetUp, error.message);
  const explained = explainedDatabaseError(error);
  if (explained instanceof ExitError) return ofCommand(explained);
  const { statusCode, message } = error as { statusCode?: number; message: string };
  if (statusCode === 413) return new PageProblem(413, 'The form is too long', tooLong);
  return statusCode !== undefined && statusCode < 500
    ? new PageProblem(statusCode, 'The request is not valid', message)
    : undefined;
}

const tooLong =
  'A field is longer than any credential. Go back. Paste one credential and nothing else. Nothing was changed.';
const notSetUp = 'The Dev Center is not configured for this';
const away = (text: string) => new PageProblem(503, 'Not available just now', text);

/** Maps the exit code that the command would have on the command line. */
function ofCommand({ exitCode, message }: ExitError): PageProblem {
  switch (exitCode) {
    case exitCodes.usage:
      return new PageProblem(400, 'That does not work', message);
    case exitCodes.unavailable:
    case exitCodes.directoryInUse:
      return away(message);
    case exitCodes.workHeld:
      return new PageProblem(409, 'Not now', message);
    default:
      return new PageProblem(500, notSetUp, message);
  }
}
