import { z } from 'zod';
import { Secret } from './secret.js';
import { word } from './setting-kinds.js';

/**
 * The URL that `text` means, or undefined. The parser drops blanks and line ends that a caller would go on to use, so a
 * text that holds any is none.
 */
function urlOf(text: string, protocols: readonly string[]): URL | undefined {
  const url = word().safeParse(text).success ? URL.parse(text) : null;
  return url && protocols.includes(url.protocol) && url.hostname !== '' ? url : undefined;
}

const web = ['http:', 'https:'];

/**
 * An http or https URL without credentials, query or fragment, as the parser writes it (WHATWG URL) and without the
 * trailing slash.
 */
export const httpUrl = () =>
  z.string().transform((text, context) => {
    const url = urlOf(text, web);
    if (url && url.username + url.password + url.search + url.hash === '')
      return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
    context.addIssue('must be an http or https URL without blanks, credentials, query or fragment');
    return z.NEVER;
  });

/** An http or https URL that is a secret as a whole, whose path or query is what grants access. */
export const secretHttpUrl = () =>
  z.string().transform((text, context) => {
    const url = urlOf(text, web);
    // The fetch standard refuses a URL with credentials.
    if (url && url.username + url.password === '') return new Secret(url.href);
    context.addIssue('must be an http or https URL without blanks or credentials');
    return z.NEVER;
  });

/** A PostgreSQL URL: `postgresql://user:password@host:5432/name`. */
export const databaseUrl = () =>
  z.string().transform((text, context) => {
    const url = text.includes('://') && word().safeParse(text).success ? URL.parse(text) : null;
    if (!url || !['postgres:', 'postgresql:'].includes(url.protocol))
      context.addIssue('must be a PostgreSQL URL without blanks');
    else if (![url.username, url.password, url.hostname, url.pathname].every(isDecodable))
      context.addIssue('has a % that begins no percent escape: write it %25');
    return new Secret(text);
  });

/** The user and password of a URL as they were before they were escaped; undefined where they hold a broken escape. */
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
