import type { Claim } from '../../core/strategy.js';

export interface EmailAndToken {
  /** In lower case, as FusionAuth stores it. */
  readonly email: string;
  readonly token: string;
  /** Where the request came from; not part of the credential. */
  readonly address: string;
}

// As for Bearer: a tab or comma after the scheme makes it a malformed Basic, not another scheme.
const basic = /^basic(?![\w!#$%&'*+.^`|~-])/i;
const basicCredentials = /^basic +([A-Za-z0-9+/]+={0,2})$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// eslint-disable-next-line no-control-regex
const pair = /^([^:\u0000-\u001f\u007f]{3,191}):([^\u0000-\u001f\u007f]{1,256})$/;
/** Blanks of every kind, controls, and what cannot be seen, such as a byte order mark. */
const unseen = /[\p{Z}\p{C}]/u;

/** E-mail and authentication token in `Authorization: Basic` (RFC 7617 section 2), from every occurrence of the header. */
export function claimBasic(values: readonly string[], address: string): Claim<EmailAndToken> {
  if (!values.some((value) => basic.test(value))) return { kind: 'not-mine' };
  if (values.length > 1)
    return { kind: 'malformed', detail: 'The Authorization header occurs more than once.' };
  const [, said = '', token] = pair.exec(decode(basicCredentials.exec(values[0] ?? '')?.[1] ?? '')) ?? [];
  if (!token)
    return {
      kind: 'malformed',
      detail:
        'The Authorization header must read: Basic, one space, base64 of e-mail:token with its padding.',
    };
  const email = canonicalEmail(said);
  return email === undefined
    ? {
        kind: 'malformed',
        detail:
          'The e-mail must be written as FusionAuth stores it: no blanks, composed (NFC), small letters.',
      }
    : { kind: 'claimed', credential: { email, token, address } };
}

/**
 * The one spelling of an e-mail: ASCII letters may come in capitals, for people write addresses so; all else must come as
 * FusionAuth stores it. How FusionAuth folds the rest of Unicode is not documented, and a spelling that it took for the
 * same user and we for another would have attempts of its own on the way to FusionAuth's lock.
 */
function canonicalEmail(said: string): string | undefined {
  const email = said.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const canonical = email === email.toLowerCase() && email === email.normalize('NFC') && !unseen.test(email);
  return canonical ? email : undefined;
}

/** Text of base64 in its canonical form, padding included (RFC 4648 section 3.5); empty for any other. */
function decode(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return '';
  try {
    return utf8.decode(bytes);
  } catch {
    return '';
  }
}
