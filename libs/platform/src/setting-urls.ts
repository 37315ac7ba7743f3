import { z } from 'zod';
import { Secret } from './secret.js';
import { word } from './setting-kinds.js';

/**
 * Parses an http or https URL; undefined if it is not valid. The parser drops white space and line breaks that a caller
 * would keep, so a text that contains any is not accepted.
 */
function webUrlOf(text: string): URL | undefined {
  const url = word().safeParse(text).success ? URL.parse(text) : null;
  return url && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

/**
 * An http or https URL without credentials, query or fragment, normalized (WHATWG URL) and without the trailing
 * slash.
 */
export const httpUrl = () =>
  z.string().transform((text, context) => {
    const url = webUrlOf(text);
    if (url && url.username + url.password + url.search + url.hash === '')
      return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
    context.addIssue('must be an http or https URL without white space, credentials, query or fragment');
    return z.NEVER;
  });

/** An http or https URL that is a secret as a whole, because its path or query grants access. */
export const secretHttpUrl = () =>
  z.string().transform((text, context) => {
    const url = webUrlOf(text);
    // The Fetch standard refuses a URL with credentials.
    if (url && url.username + url.password === '') return new Secret(url.href);
    context.addIssue('must be an http or https URL without white space or credentials');
    return z.NEVER;
  });

/** A PostgreSQL URL: `postgresql://user:password@host:5432/name`. */
export const databaseUrl = () =>
  z.string().transform((text, context) => {
    const url = text.includes('://') && word().safeParse(text).success ? URL.parse(text) : null;
    if (!url || !['postgres:', 'postgresql:'].includes(url.protocol))
      context.addIssue('must be a PostgreSQL URL without white space');
    else if (![url.username, url.password, url.hostname, url.pathname].every(isDecodable))
      context.addIssue('has a % that does not begin a percent escape: write it as %25');
    return new Secret(text);
  });

/** Returns the decoded user and password of a URL; undefined if they contain an invalid escape. */
export function logInOf({ username, password }: URL): { user: string; password: string } | undefined {
  return isDecodable(username) && isDecodable(password)
    ? { user: decodeURIComponent(username), password: decodeURIComponent(password) }
    : undefined;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
