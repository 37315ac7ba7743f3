import type { IncomingMessage } from 'node:http';
import type { Carrier } from '../../core/carrier.js';
import type { RequestFacts } from '../../core/facts.js';
import { addressOf, readAddress } from '../caller-address.js';

/**
 * Returns the facts of a Node request. `address` is what the framework says of the caller, such as `request.ip`;
 * without it the peer of the connection is the caller.
 */
export function factsOf(
  request: IncomingMessage,
  { requestId, address }: { requestId: string; address?: string | undefined },
): RequestFacts {
  const peer = (request.socket as IncomingMessage['socket'] | undefined)?.remoteAddress;
  return {
    requestId,
    address: addressOf(address, peer),
    peer: readAddress(peer ?? ''),
    method: request.method ?? '',
    url: request.url ?? '',
    header: (name) => occurrences(request.rawHeaders, name),
  };
}

/** Returns every value of a header in order, by its name in lower case. */
export function occurrences(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index];
    if (candidate?.length === name.length && candidate.toLowerCase() === name)
      values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}

/**
 * Returns a function that removes the content of the carriers from a request, so that no later code can use or
 * forward it. Removes Authorization with any scheme.
 */
export function stripper(carriers: readonly Carrier[]): (request: IncomingMessage) => void {
  const headers = new Set(carriers.filter((one) => one.in !== 'cookie').map(headerOf));
  const cookies = new Set(carriers.flatMap((one) => (one.in === 'cookie' ? [one.name] : [])));
  return (request) => {
    for (const name of headers) if (name in request.headers) replaceHeader(request, name, undefined);
    if (cookies.size > 0) stripCookies(request, cookies);
  };
}

const headerOf = (carrier: Exclude<Carrier, { in: 'cookie' }>): string =>
  carrier.in === 'header' ? carrier.name.toLowerCase() : 'authorization';

function stripCookies(request: IncomingMessage, names: ReadonlySet<string>): void {
  const cookies = request.headers.cookie?.split(';');
  const others = cookies?.filter((pair) => !names.has((pair.split('=', 1)[0] ?? '').trim()));
  if (others && others.length !== cookies?.length)
    replaceHeader(request, 'cookie', others.length > 0 ? others.join(';').trim() : undefined);
}

function replaceHeader(request: IncomingMessage, name: string, value: string | undefined): void {
  Reflect.deleteProperty(request.headers, name);
  const raw = request.rawHeaders;
  for (let index = raw.length - 2; index >= 0; index -= 2)
    if (raw[index]?.toLowerCase() === name) raw.splice(index, 2);

  if (value === undefined) return;
  request.headers[name] = value;
  raw.push(name, value);
}
