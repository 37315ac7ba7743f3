import type { SchemeCarrier } from '../../core/carrier.js';
import { type Failure, malformed, type Refusal } from '../../core/failure.js';
import { rejected } from './reasons.js';

/** The scheme of RFC 6750 section 2.1. */
export const bearer: SchemeCarrier = {
  in: 'authorization',
  scheme: 'Bearer',
  form: 'one token',
  format: 'JWT',
};

// RFC 6750 section 2.1 (b64token). Text after the token, a second token or a comma makes it invalid.
const b64token = /^[\w.~+/-]+=*$/;
/**
 * Refuses a text that is not an access token: 400 if it is not even a b64token, else 401. Runs only after parsing
 * failed, because scanning each character costs more than a cache lookup.
 */
export const notAToken = (text: string): Refusal =>
  b64token.test(text)
    ? rejected('not-a-token')
    : malformed('The access token must be one word of letters, digits and -._~+/ (RFC 6750 section 2.1).');

/**
 * Returns the `error` parameter of a Bearer challenge (RFC 6750 section 3.1); undefined if no credential was
 * presented.
 */
export function bearerError(failure: Failure): string | undefined {
  switch (failure.kind) {
    case 'malformed':
      return 'invalid_request';
    case 'rejected':
      return 'invalid_token';
    case 'forbidden':
      return failure.code === undefined ? 'insufficient_scope' : undefined;
    default:
      return undefined;
  }
}
