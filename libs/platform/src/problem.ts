import { STATUS_CODES } from 'node:http';
import type { ProblemCode } from './problem-code.js';

export const problemMediaType = 'application/problem+json';

/** The body of an error response, by RFC 9457. `code` is stable; programs base decisions on it. */
interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId?: string;
  readonly errors?: readonly FieldProblem[];
}

export interface FieldProblem {
  /** Dotted path of the field, such as `body.dueAt`. */
  readonly path: string;
  readonly message: string;
}

export interface ProblemExtra {
  readonly errors?: readonly FieldProblem[];
  /** Response headers of the error: `Retry-After`, `WWW-Authenticate`, `Allow`. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly cause?: unknown;
}

/** Thrown by request handlers; the app's exception filter turns it into a {@link ProblemBody}. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly errors: readonly FieldProblem[] | undefined;

  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    readonly detail: string,
    extra: ProblemExtra = {},
  ) {
    super(`${code}: ${detail}`, extra);
    this.headers = extra.headers ?? {};
    this.errors = extra.errors;
  }
}

/** Returns the problem for an unexpected error; the cause is for the log. */
export const internalError = (cause?: unknown) =>
  new ProblemError(500, 'internal_error', 'The server failed; the request is not at fault.', { cause });

/** Returns the headers of an error response. */
export const problemHeaders = ({ headers }: ProblemError) => ({
  ...headers,
  'Content-Type': problemMediaType,
  'Cache-Control': 'no-store',
});

/** Returns the URI that identifies a problem by its code and leads to its documentation (RFC 9457 section 3.1.1). */
export type ProblemType = (code: ProblemCode) => string;

/** The type of an undocumented problem, which its status and code describe (RFC 9457 section 4.2.1). */
export const undocumented: ProblemType = () => 'about:blank';

export function problemBody(problem: ProblemError, typeOf: ProblemType, requestId?: string): ProblemBody {
  return {
    type: typeOf(problem.code),
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    ...(requestId === undefined ? {} : { requestId }),
    ...(problem.errors ? { errors: problem.errors } : {}),
  };
}
