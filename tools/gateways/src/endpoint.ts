import { isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { isLoopback, isWildcard } from '#gatehouse/platform';

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

/** Returns whether a program that listens at `listen` would be the one that answers at `called`. */
export const answersAt = (listen: Endpoint, called: Endpoint): boolean =>
  listen.port === called.port &&
  (listen.address === called.address || (isWildcard(listen.address) && isLoopback(called.address)));

/**
 * Reads `http://127.0.0.1:3000`: the gateway and the servers that it calls share a private network, so they do not use
 * TLS.
 */
export const endpointUrl = () =>
  z.string().transform((text, context): Endpoint => {
    const url = URL.parse(text);
    const address = url?.hostname.replaceAll(/[[\]]/g, '') ?? '';
    const rest = url && `${url.pathname}${url.search}${url.hash}${url.username}${url.password}`;
    if (rest === '/' && url?.protocol === 'http:' && url.port !== '0' && isIP(address) > 0)
      return { address, port: Number(url.port || 80) };
    context.addIssue('must be http://ADDRESS:PORT with a numeric address, such as http://127.0.0.1:3000');
    return z.NEVER;
  });

/** Reads `127.0.0.1:8080` or `[::1]:8080`. */
export const listenAddress = () =>
  z.string().transform((text, context): Endpoint => {
    const url = /^[\d.]+:\d+$|^\[[\da-f:]+\]:\d+$/i.test(text) ? URL.parse(`none://${text}`) : null;
    const address = url?.hostname.replaceAll(/[[\]]/g, '') ?? '';
    if (url && Number(url.port) > 0 && isIP(address) > 0) return { address, port: Number(url.port) };
    context.addIssue('must be ADDRESS:PORT with a numeric address, such as 127.0.0.1:8080');
    return z.NEVER;
  });
