import type { IncomingHttpHeaders } from 'node:http';

const loopback = /^(?:localhost|\[?::1\]?|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i;

/** Whether a host, as a name or an address with or without brackets, can only be this machine. */
export const isLoopback = (host: string): boolean => loopback.test(host);

/** Whether to listen on a host means every address of the machine, and so none that a client could use. */
export const isWildcard = (host: string): boolean => ['0.0.0.0', '::'].includes(host);

/** Returns the URL at which a client on this machine reaches a server that listens on `host`; IPv6 in brackets (RFC 3986). */
export function localUrl(host: string, port: number): string {
  const name = isWildcard(host) || host === 'localhost' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/**
 * Whether a request comes from a program on this machine that is not a browser. A page can reach loopback addresses, even by
 * a name of its own (DNS rebinding), but browsers mark what pages send.
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
