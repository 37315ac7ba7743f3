import type { IncomingHttpHeaders } from 'node:http';

const loopback = /^(?:localhost|\[?::1\]?|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i;

/** Tells whether a host, a name or an address with or without brackets, can only be this machine. */
export const isLoopback = (host: string): boolean => loopback.test(host);

/** Tells whether listening on a host means listening on all addresses, so that clients cannot use it as an address. */
export const isWildcard = (host: string): boolean => ['0.0.0.0', '::'].includes(host);

/**
 * Returns the URL with which a client on this machine reaches a server that listens on `host`; IPv6 in brackets (RFC
 * 3986).
 */
export function localUrl(host: string, port: number): string {
  const name = isWildcard(host) || host === 'localhost' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/**
 * Tells whether a request comes from a page of this server, opened at an address of this machine. The pages of other
 * sites have another origin (Fetch standard, section 3.1), also those that reach it under a name of their own (DNS
 * rebinding).
 */
export function isFromOwnPage({ origin, host = '' }: IncomingHttpHeaders): boolean {
  const own = `http://${host}`;
  return origin === own && URL.canParse(own) && isLoopback(new URL(own).hostname);
}

/**
 * Tells whether a request comes from a program on this machine that is not a browser. A page can reach loopback
 * addresses, even under its own host name (DNS rebinding), but browsers mark the requests of pages.
 */
export function isLocalProgram({
  headers,
  hostname,
  ip,
}: {
  readonly headers: IncomingHttpHeaders;
  readonly hostname: string;
  readonly ip: string;
}): boolean {
  const isBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  return !isBrowser && isLoopback(ip) && isLoopback(hostname);
}
