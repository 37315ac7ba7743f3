import { malformed, rejected, type Failure, type Refusal } from '../../core/failure.js';
import type { Claim } from '../../core/strategy.js';

// Whatever follows the scheme: a tab or a comma makes it a malformed bearer, not another scheme (RFC 9110 section 5.6.2).
const bearer = /^bearer(?![\w!#$%&'*+.^`|~-])/i;
// RFC 6750 section 2.1 (b64token). Anything after the token, a second one or a comma is not a credential of ours.
const b64token = /^[\w.~+/-]+=*$/;
const space = 0x20;

/**
 * What follows `Bearer` in Authorization, from every occurrence of the header. Whether it is a token at all is left to
 * the verifier, for it takes longer to look at each letter than to know a token again.
 */
export function claimBearer(values: readonly string[]): Claim<string> {
  if (!values.some((value) => bearer.test(value))) return { kind: 'not-mine' };
  if (values.length > 1)
    return { kind: 'malformed', detail: 'The Authorization header occurs more than once.' };
  const [value = ''] = values;
  let start = 'bearer'.length;
  while (value.charCodeAt(start) === space) start += 1;
  return start > 'bearer'.length && start < value.length
    ? { kind: 'claimed', credential: value.slice(start) }
    : { kind: 'malformed', detail: 'The Authorization header must read: Bearer, one space, one token.' };
}

/** The refusal of a text that is no access token: 400 where it is not even a word, else 401. */
export const notAToken = (text: string): Refusal =>
  b64token.test(text)
    ? rejected('not-a-token')
    : malformed('The access token must be one word of letters, digits and -._~+/ (RFC 6750 section 2.1).');

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
