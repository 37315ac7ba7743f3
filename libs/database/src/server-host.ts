import { hostOnWire } from '#gatehouse/platform';

/**
 * Writes the host of a PostgreSQL URL as the network knows it, in A-labels. The URL standard leaves the host of such a
 * scheme percent-encoded; the driver decodes it and would name it so to the server (SNI is ASCII: RFC 6066 section 3). A
 * host that is a directory of sockets stays as it is.
 */
export function writeHostForWire(url: URL): void {
  const host = decodeURIComponent(url.hostname);
  if (isOther(host)) url.hostname = hostOnWire(host);
  const named = url.searchParams.get('host');
  if (named !== null && isOther(named)) url.searchParams.set('host', hostOnWire(named));
}

const isOther = (host: string): boolean => !host.startsWith('/') && hostOnWire(host) !== host;
