import type { SchemeCarrier } from '../../core/carrier.js';
import { malformed, type Refusal } from '../../core/failure.js';

export interface EmailAndToken {
  /** In lower case, as FusionAuth stores it. */
  readonly email: string;
  readonly token: string;
  /** The address that the request came from; not part of the credential. */
  readonly address: string;
}

/** The scheme of RFC 7617 section 2. */
export const basic: SchemeCarrier = {
  in: 'authorization',
  scheme: 'Basic',
  form: 'base64 of e-mail:token with its padding',
};

// eslint-disable-next-line no-control-regex -- control characters are what it refuses.
const pair = /^[^:\u0000-\u001f\u007f]{3,191}:[^\u0000-\u001f\u007f]{1,256}$/;
/** White space of every kind, control characters, and invisible characters such as a byte order mark. */
const unseen = /[\p{Z}\p{C}]/u;

/** Reads e-mail and authentication token from the text after `Basic` in Authorization. */
export function extractBasic(
  held: string,
  address: string,
): Refusal | { readonly credential: EmailAndToken } {
  const text = Buffer.from(held, 'base64').toString();
  // Encoding it again shows bytes that are not UTF-8, and base64 that is not canonical (RFC 4648 section 3.5).
  if (Buffer.from(text).toString('base64') !== held || !pair.test(text))
    return malformed(`The Authorization header must read: ${basic.scheme}, one space, ${basic.form}.`);
  const colon = text.indexOf(':');
  const email = canonicalEmail(text.slice(0, colon));
  return email === undefined
    ? malformed(
        'The e-mail must be written as FusionAuth stores it: no white space, composed (NFC), lower case.',
      )
    : { credential: { email, token: text.slice(colon + 1), address } };
}

/**
 * Returns the canonical spelling of an e-mail; undefined if it cannot be derived. ASCII letters may be capitals,
 * because people write addresses like that; everything else must be as FusionAuth stores it. How FusionAuth folds the
 * rest of Unicode is not documented, and a spelling that it maps to the same user but we do not would get its own
 * budget of attempts, until FusionAuth locks the user.
 */
function canonicalEmail(said: string): string | undefined {
  const email = said.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const canonical = email === email.toLowerCase() && email === email.normalize('NFC') && !unseen.test(email);
  return canonical ? email : undefined;
}
