import type { Claim } from '../../core/strategy.js';

export interface EmailAndToken {
  /** Trimmed and in lower case, as FusionAuth compares it. */
  readonly email: string;
  readonly token: string;
  /** Where the request came from; not part of the credential. */
  readonly address: string;
}

const basic = /^basic(?: |$)/i;
const basicCredentials = /^basic +([A-Za-z0-9+/]+={0,2})$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });
// eslint-disable-next-line no-control-regex
const pair = /^([^:\u0000-\u001f\u007f]{3,191}):([^\u0000-\u001f\u007f]{1,256})$/;

/** E-mail and authentication token in `Authorization: Basic` (RFC 7617 section 2), from every occurrence of the header. */
export function claimBasic(values: readonly string[], address: string): Claim<EmailAndToken> {
  if (!values.some((value) => basic.test(value))) return { kind: 'not-mine' };
  if (values.length > 1)
    return { kind: 'malformed', detail: 'The Authorization header occurs more than once.' };
  const [, email, token] = pair.exec(decode(basicCredentials.exec(values[0] ?? '')?.[1] ?? '')) ?? [];
  const login = email?.trim().toLowerCase();
  return login && token
    ? { kind: 'claimed', credential: { email: login, token, address } }
    : {
        kind: 'malformed',
        detail: 'The Authorization header must read: Basic, one space, base64 of e-mail:token.',
      };
}

function decode(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) return '';
  try {
    return utf8.decode(bytes);
  } catch {
    return '';
  }
}
