import type { Failure } from '../../core/failure.js';
import type { Claim } from '../../core/strategy.js';

// Whatever follows the scheme: a tab or a comma makes it a malformed bearer, not another scheme (RFC 9110 section 5.6.2).
const bearer = /^bearer(?![\w!#$%&'*+.^`|~-])/i;
// RFC 6750 section 2.1 (b64token). Anything after the token, a second one or a comma is not a credential of ours.
const bearerToken = /^bearer +([\w.~+/-]+=*)$/i;

/** The token in `Authorization: Bearer`, from every occurrence of the header. */
export function claimBearer(values: readonly string[]): Claim<string> {
  if (!values.some((value) => bearer.test(value))) return { kind: 'not-mine' };
  if (values.length > 1)
    return { kind: 'malformed', detail: 'The Authorization header occurs more than once.' };
  const token = bearerToken.exec(values[0] ?? '')?.[1];
  return token === undefined
    ? { kind: 'malformed', detail: 'The Authorization header must read: Bearer, one space, one token.' }
    : { kind: 'claimed', credential: token };
}

/** The `error` parameter of a Bearer challenge (RFC 6750 section 3.1); none when nothing was presented. */
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
