/** Exit codes of every command; scripts rely on them. 75 and 78 follow sysexits.h. */
export const exitCodes = {
  done: 0,
  /** A bug of ours; scripts cannot distinguish it from `workHeld`. */
  unexpected: 1,
  workHeld: 1,
  usage: 2,
  credentialRefused: 3,
  unavailable: 4,
  directoryInUse: 75,
  badConfiguration: 78,
} as const;

/** Ends a command with one sentence for the operator, without a stack, and an exit code. */
export class ExitError extends Error {
  override readonly name = 'ExitError';

  constructor(
    message: string,
    readonly exitCode: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Returns the error for the operator when a server cannot listen on `port`; `variable` is the setting of the port. */
export function listenFailure(error: NodeJS.ErrnoException, port: number, variable = 'PORT'): Error {
  const { code } = error;
  if (code === 'EADDRINUSE') {
    return new ExitError(
      `Port ${port} is in use: stop the program that listens there, or set ${variable} to another port (0 picks a free one).`,
      exitCodes.unavailable,
      { cause: error },
    );
  }
  if (code === 'EACCES') {
    return new ExitError(
      `Port ${port} needs privileges this process lacks: set ${variable} to a port above 1023.`,
      exitCodes.badConfiguration,
      { cause: error },
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ExitError(
      `HOST is not an address of this machine (${code}): set it to one, for example 127.0.0.1 or 0.0.0.0.`,
      exitCodes.badConfiguration,
      { cause: error },
    );
  }
  return error;
}
