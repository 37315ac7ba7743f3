import type { IncomingMessage } from 'node:http';
import { addressOf } from './caller-address.js';

/** All that a strategy may know of a request. */
export interface RequestFacts {
  readonly requestId: string;
  /** The caller's IP address in its one spelling, without a port; empty where it is not known. */
  readonly address: string;
  readonly method: string;
  /** The path and query as received. */
  readonly url: string;
  /**
   * Every occurrence of a header, in order; `name` in lower case. Node keeps the first of a repeated Authorization and
   * drops the rest, while a proxy in front may have judged the last, so a strategy must see them all.
   */
  readonly header: (name: string) => readonly string[];
}

/** `address` is what the framework says of the caller, such as `request.ip`; without it the connection's other end counts. */
export function factsOf(
  request: IncomingMessage,
  { requestId, address }: { requestId: string; address?: string | undefined },
): RequestFacts {
  return {
    requestId,
    address: addressOf(address, (request.socket as IncomingMessage['socket'] | undefined)?.remoteAddress),
    method: request.method ?? '',
    url: request.url ?? '',
    header: (name) => occurrences(request.rawHeaders, name),
  };
}

function occurrences(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index];
    if (candidate?.length === name.length && candidate.toLowerCase() === name)
      values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}

/**
 * Every value of a cookie in the request (RFC 6265 section 4.2.1). Written by hand, for cookie parsers keep one of two
 * cookies of the same name, and differ in which.
 */
export const cookiesNamed = (request: RequestFacts, name: string): readonly string[] =>
  request
    .header('cookie')
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));

/** The cookie in which FusionAuth's hosted backend keeps the access token (FusionAuth docs, Hosted Backend APIs). */
export const accessTokenCookie = 'app.at';

const credentialHeaders = ['authorization', 'x-api-key'];
const credentialCookie = /^\s*app\.(?:at|rt)=/;

/** Removes what was presented from a verified request, so that no later code is tempted to use or forward it. */
export function forgetCredentials(request: IncomingMessage): void {
  for (const name of credentialHeaders) if (name in request.headers) replaceHeader(request, name, undefined);
  const cookies = request.headers.cookie?.split(';');
  const others = cookies?.filter((pair) => !credentialCookie.test(pair));
  if (others && others.length !== cookies?.length) {
    replaceHeader(request, 'cookie', others.length > 0 ? others.join(';').trim() : undefined);
  }
}

function replaceHeader(request: IncomingMessage, name: string, value: string | undefined): void {
  Reflect.deleteProperty(request.headers, name);
  const raw = request.rawHeaders;
  for (let index = raw.length - 2; index >= 0; index -= 2) {
    if (raw[index]?.toLowerCase() === name) raw.splice(index, 2);
  }
  if (value === undefined) return;
  request.headers[name] = value;
  raw.push(name, value);
}
