interface Circumstances {
  readonly status?: number | undefined;
  readonly milliseconds: number;
  readonly cause?: unknown;
}

/** FusionAuth gave no usable answer. Carries operation, status and duration, and nothing of any request or answer body. */
export class FusionAuthUnavailable extends Error {
  override readonly name = 'FusionAuthUnavailable';
  readonly status: number | undefined;
  readonly milliseconds: number;
  readonly code: string;

  constructor(
    readonly operation: string,
    { status, milliseconds, cause }: Circumstances,
  ) {
    const reason =
      status === undefined
        ? describe(cause)
        : `answered ${status}${cause === undefined ? '' : ` and ${describe(cause)}`}`;
    super(`FusionAuth ${operation}: ${reason} after ${Math.round(milliseconds)} ms`);
    this.status = status;
    this.milliseconds = milliseconds;
    this.code = 'FUSIONAUTH_UNAVAILABLE';
  }
}

/** The kind of a network or parse error; its message may quote a body and is left out. */
function describe(cause: unknown): string {
  const { name, code } = cause as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  return code ?? (name === 'SyntaxError' ? 'not JSON' : name);
}
