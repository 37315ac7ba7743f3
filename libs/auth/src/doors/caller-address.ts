import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, SocketAddress } from 'node:net';

/** A node with an optional port (RFC 7239 section 6): `192.0.2.43:47011`, `[2001:db8::17]:47011`, `2001:db8::17`. */
const withBrackets = /^\[([^\]]+)\](?::[\w.-]+)?$/;
const withPort = /^([\d.]+):[\w.-]+$/;
const mapped = /^::ffff:(?=\d+\.)/i;

/**
 * Reads the IP address from text such as `request.ip`, an entry of X-Forwarded-For or `socket.remoteAddress`, without
 * brackets, port and zone; undefined if it holds none. The result is normalized: IPv6 in lower case and compressed
 * (RFC 5952), IPv4 as IPv4 also where the socket listens on `::` (RFC 4291 section 2.5.5.2).
 */
export function readAddress(text: string): string | undefined {
  const host = ((withBrackets.exec(text) ?? withPort.exec(text))?.[1] ?? text).replace(mapped, '');
  const family = isIP(host);
  if (family === 0) return undefined;
  if (family === 4) return host;
  const [address = ''] = host.split('%', 1);
  return new SocketAddress({ address, family: 'ipv6' }).address.replace(mapped, '');
}

/**
 * Returns the caller's address for counters, logs and reports. `said` comes from the framework or a trusted
 * proxy; `peer` is the peer of the connection, used when `said` is not an address. Empty when neither is one.
 */
export const addressOf = (said: string | undefined, peer: string | undefined): string =>
  readAddress(said ?? '') ?? readAddress(peer ?? '') ?? '';

/**
 * Returns a function that tells whether an address, in any spelling that {@link readAddress} takes, is within one of
 * `networks`: addresses, and networks such as `10.0.0.0/8`. For a framework's list of trusted proxies, whose entries
 * may have a port.
 */
export function trustsProxy(networks: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/', 2);
    if (bits === undefined) trusted.addAddress(address, familyOf(address));
    else trusted.addSubnet(address, Number(bits), familyOf(address));
  }
  // There are few proxies, and the next request mostly comes through the same one.
  let last = '';
  let isLastTrusted = false;
  return (text) => {
    if (text === last) return isLastTrusted;
    const address = readAddress(text);
    last = text;
    isLastTrusted = address !== undefined && trusted.check(address, familyOf(address));
    return isLastTrusted;
  };
}

/**
 * Returns a function that finds the caller's address, for {@link addressOf} to read. It walks X-Forwarded-For from
 * the right while the hop is in `networks`; without the header it is the peer of the connection. Equal to Fastify's
 * `request.ip`.
 */
export function callerBehind(
  networks: readonly string[],
): (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string | undefined {
  const isTrusted = trustsProxy(networks);
  return ({ headers, socket }) => {
    let address = socket.remoteAddress;
    const hops = String(headers['x-forwarded-for'] ?? '').split(',');
    for (let hop = hops.pop(); hop?.trim() && isTrusted(address ?? ''); hop = hops.pop())
      address = hop.trim();
    return address;
  };
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
