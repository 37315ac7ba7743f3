import { explainedDatabaseError } from '#gatehouse/database';
import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { exitCodes, ExitError } from '#gatehouse/platform';

/** A page that says why there is no other: its status, a heading, and what to do. */
export class PageProblem extends Error {
  override readonly name = 'PageProblem';

  constructor(
    readonly status: number,
    readonly title: string,
    message: string,
    /** Where to go from there. */
    readonly next?: { readonly path: string; readonly title: string },
  ) {
    super(message);
  }
}

/** The answer for something that belongs to somebody else, and for something that does not exist. */
export const nothingHere = (): PageProblem =>
  new PageProblem(404, 'There is nothing here', 'No page, client or credential of yours has this address.');

/** The page for what went wrong; undefined for a fault that nobody foresaw. */
export function problemOf(error: unknown): PageProblem | undefined {
  if (error instanceof PageProblem) return error;
  if (error instanceof FusionAuthUnavailable)
    return away('FusionAuth gives no answer just now. Nothing was changed: try again in a moment.');
  if (error instanceof FusionAuthRefusedUs) return new PageProblem(500, notSetUp, error.message);
  const explained = explainedDatabaseError(error);
  if (explained instanceof ExitError) return ofCommand(explained);
  const { statusCode, message } = error as { statusCode?: number; message: string };
  return statusCode !== undefined && statusCode < 500
    ? new PageProblem(statusCode, 'The request was not understood', message)
    : undefined;
}

const notSetUp = 'The Dev Center is not set up for this';
const away = (text: string) => new PageProblem(503, 'Not available just now', text);

/** By the exit code that the same command would end with on the command line. */
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
