import { type Answer, empty } from './answer.js';
import type { ErrorsBody, OAuthErrorBody, OAuthErrorReason, OAuthErrorType } from './wire.js';

/** Thrown by operations to answer at once. */
export class Refusal extends Error {
  constructor(readonly answer: Answer) {
    super(`refused with ${answer.status}`);
  }
}

export const unauthorized = () => new Refusal(empty(401));
export const notFound = () => new Refusal(empty(404));

const errors = (body: ErrorsBody, status = 400) => new Refusal({ status, body });

/** 400 about one field; `code` goes out with its brackets, `[blank]user.email` for example. */
export const invalidField = (path: string, code: string, message: string) =>
  errors({ fieldErrors: { [path]: [{ code: `[${code}]${path}`, message }] } });

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

/** An error answer of the OAuth endpoints (RFC 6749 section 5.2, with FusionAuth's `error_reason`). */
export class OAuthError extends Refusal {
  constructor(
    status: number,
    readonly error: OAuthErrorType,
    readonly reason: OAuthErrorReason,
    readonly description: string,
  ) {
    const body: OAuthErrorBody = { error, error_reason: reason, error_description: description };
    super({ status, body, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });
  }
}

/** {@link OAuthError} with status 400. */
export const oauthError = (error: OAuthErrorType, reason: OAuthErrorReason, description: string) =>
  new OAuthError(400, error, reason, description);
