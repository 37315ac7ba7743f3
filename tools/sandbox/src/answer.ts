import type { ErrorsBody, OAuthErrorBody, OAuthErrorReason, OAuthErrorType } from './wire.js';

/** The answer of an operation. An object is sent as JSON, a string as HTML, undefined as an empty body. */
export interface Answer {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** 200 with a JSON body. Callers name FusionAuth's type of the body with `satisfies`. */
export const ok = (body: object): Answer => ({ status: 200, body });

/** An empty body, which FusionAuth sends with 401, 404 and successful deletes. */
export const empty = (status: number): Answer => ({ status });

/** 302 to an address that the caller has already checked against the registered ones. */
export const redirect = (url: string): Answer => ({
  status: 302,
  headers: { location: url, 'cache-control': 'no-store' },
});

/** JSON without null fields, as FusionAuth writes it. */
export const toJson = (body: object): string =>
  JSON.stringify(body, (_name, value: unknown) => (value === null ? undefined : value));

/** Thrown by operations to answer immediately. */
export class Refusal extends Error {
  constructor(readonly answer: Answer) {
    super(`refused with ${answer.status}`);
  }
}

export const unauthorized = () => new Refusal(empty(401));
export const notFound = () => new Refusal(empty(404));

const errors = (body: ErrorsBody, status = 400) => new Refusal({ status, body });

/** 400 about one field; `code` goes out with its brackets and the path without indices, `[blank]user.email` for example. */
export const invalidField = (path: string, code: string, message: string) =>
  errors({ fieldErrors: { [path]: [{ code: `[${code}]${path.replace(/\[\d+\]/g, '')}`, message }] } });

/** 400 about the request as a whole. */
export const invalidRequest = (code: string, message: string) =>
  errors({ generalErrors: [{ code: `[${code}]`, message }] });

/** 501 that names what the real FusionAuth would do here and the sandbox does not. */
export const notImplemented = (operation: string) =>
  errors(
    {
      generalErrors: [
        {
          code: '[NotImplemented]',
          message:
            `The sandbox does not implement ${operation}. ` +
            'GET /_sandbox lists what it does; for everything else use a real FusionAuth.',
        },
      ],
    },
    501,
  );

/** An error answer of the OAuth endpoints (RFC 6749 section 5.2, with FusionAuth's `error_reason`, which some lack). */
export class OAuthError extends Refusal {
  constructor(
    status: number,
    readonly error: OAuthErrorType | 'slow_down',
    readonly reason: OAuthErrorReason | undefined,
    readonly description: string,
  ) {
    const body: Omit<OAuthErrorBody, 'error'> & { error: string } = {
      error,
      ...(reason && { error_reason: reason }),
      error_description: description,
    };
    super({ status, body, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });
  }
}

/** {@link OAuthError} with status 400. */
export const oauthError = (error: OAuthErrorType, reason: OAuthErrorReason, description: string) =>
  new OAuthError(400, error, reason, description);
