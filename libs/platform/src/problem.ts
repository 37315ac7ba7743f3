import { STATUS_CODES } from 'node:http';
import type { ProblemCode } from './problem-code.js';

export const problemMediaType = 'application/problem+json';

/** An answer that refuses, by RFC 9457. `code` is stable: what a program decides by. */
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
  /** Dotted path of the field, `body.dueAt` for example. */
  readonly path: string;
  readonly message: string;
}

export interface ProblemExtra {
  readonly errors?: readonly FieldProblem[];
  /** Response headers that belong to the refusal: `Retry-After`, `WWW-Authenticate`, `Allow`. */
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
    super(`${code}: ${detail}`, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.headers = extra.headers ?? {};
    this.errors = extra.errors;
  }
}

/** What a caller sees of an unexpected error; the cause is for the log. */
export const internalError = (cause?: unknown) =>
  new ProblemError(500, 'internal_error', 'Something went wrong here, not with the request.', { cause });

/** Returns the headers of an answer that refuses. */
export const problemHeaders = ({ headers }: ProblemError) => ({
  ...headers,
  'Content-Type': problemMediaType,
  'Cache-Control': 'no-store',
});

/** The URI that identifies a kind of problem by its code, and leads to its documentation (RFC 9457 section 3.1.1). */
export type ProblemType = (code: ProblemCode) => string;

/** A problem that is documented nowhere: the status and the code say all there is (RFC 9457 section 4.2.1). */
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
