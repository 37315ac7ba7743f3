import { isIP, isIPv6 } from 'node:net';
import { z } from 'zod';

/**
 * An address that a gateway listens on or calls. It is numeric: a gateway that resolves a name at its start does not
 * start where the name does not resolve.
 */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Formats an endpoint as configurations do: `127.0.0.1:3000`, `[::1]:3000`. */
export const hostAndPort = ({ address, port }: Endpoint): string =>
  `${isIPv6(address) ? `[${address}]` : address}:${port}`;

/**
 * Reads `http://127.0.0.1:3000`: the gateway and the servers that it calls share a private network, so they do not use
 * TLS.
 */
export const endpointUrl = () =>
  z.string().transform((text, context): Endpoint => {
    const url = URL.parse(text);
    const address = url?.hostname.replaceAll(/[[\]]/g, '') ?? '';
    const isBare = url && url.pathname === '/' && `${url.search}${url.hash}${url.username}` === '';
    if (isBare && url.protocol === 'http:' && isIP(address) > 0)
      return { address, port: Number(url.port || 80) };
    context.addIssue('must be http://ADDRESS:PORT with a numeric address, such as http://127.0.0.1:3000');
    return z.NEVER;
  });

/** Reads `127.0.0.1:8080` or `[::1]:8080`. */
export const listenAddress = () =>
  z.string().transform((text, context): Endpoint => {
    const url = /^[\d.]+:\d+$|^\[[\da-f:]+\]:\d+$/i.test(text) ? URL.parse(`none://${text}`) : null;
    const address = url?.hostname.replaceAll(/[[\]]/g, '') ?? '';
    if (url && isIP(address) > 0) return { address, port: Number(url.port) };
    context.addIssue('must be ADDRESS:PORT with a numeric address, such as 127.0.0.1:8080');
    return z.NEVER;
  });
