interface Circumstances {
  readonly status?: number | undefined;
  readonly durationMs: number;
  readonly cause?: unknown;
}

/**
 * FusionAuth gave no usable answer. Carries operation, status and duration, but nothing of the request or the body of
 * the answer.
 */
export class FusionAuthUnavailable extends Error {
  override readonly name = 'FusionAuthUnavailable';
  readonly code = 'FUSIONAUTH_UNAVAILABLE';
  readonly status: number | undefined;
  readonly durationMs: number;
  /** False if no connection was established, so that FusionAuth cannot have processed the call. */
  readonly reached: boolean;
  /** Whether the answer was longer than the transport reads. */
  readonly tooLong: boolean;

  constructor(
    readonly operation: string,
    { status, durationMs, cause }: Circumstances,
  ) {
    super(`FusionAuth ${operation}: ${describe(status, cause)} after ${Math.round(durationMs)} ms`);
    this.status = status;
    this.durationMs = durationMs;
    // The stack does not explain why FusionAuth did not answer, and would fill the log during an outage.
    this.stack = '';
    const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException;
    this.reached = status !== undefined || !notConnected.has(code);
    this.tooLong = code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
  }
}

const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * FusionAuth refused our own credentials (API key or client secret), which says nothing about the caller's. Retrying
 * does not help: an operator must act.
 */
export class FusionAuthRefusedUs extends Error {
  override readonly name = 'FusionAuthRefusedUs';
  readonly code = 'FUSIONAUTH_REFUSED_US';

  constructor(
    readonly operation: string,
    readonly setting: string,
  ) {
    super(
      `FusionAuth ${operation}: it refuses our own credentials; check that ${setting} is one of its keys and permits this`,
    );
  }
}

/**
 * FusionAuth understood and declined our request (400): for example, the object exists already, or a paid feature is
 * not licensed. Carries the codes of its errors, never their messages, which may quote what was sent.
 */
export class FusionAuthDeclined extends Error {
  override readonly name = 'FusionAuthDeclined';
  readonly code = 'FUSIONAUTH_DECLINED';

  constructor(
    readonly operation: string,
    readonly codes: readonly string[],
  ) {
    super(`FusionAuth ${operation}: declined with ${codes.join(', ') || '400'}`);
  }

  /** Whether the plan lacks the feature. FusionAuth documents 400 for that, but no code. */
  get notLicensed(): boolean {
    return this.codes.some((code) => /license|licence/i.test(code));
  }
}

/** Describes a network or parse error by its kind; its message may quote a body and is omitted. */
function describe(status: number | undefined, cause: unknown): string {
  const { name, code } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  const late = name === 'TimeoutError' || name === 'AbortError';
  const failure = late ? 'no answer in time' : (code ?? (name === 'SyntaxError' ? 'not JSON' : name));
  if (status === undefined) return failure ?? 'no answer';
  return failure === undefined ? `unexpected answer ${status}` : `answer ${status}, ${failure}`;
}
