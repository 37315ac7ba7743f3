import type { IncomingMessage } from 'node:http';

/** All that a strategy may know of a request. */
export interface RequestFacts {
  readonly requestId: string;
  readonly address: string;
  /** The path and query as received. */
  readonly url: string;
  /**
   * Every occurrence of a header, in order; `name` in lower case. Node keeps the first of a repeated Authorization and
   * drops the rest, while a proxy in front may have judged the last, so a strategy must see them all.
   */
  readonly header: (name: string) => readonly string[];
}

export function factsOf(
  request: IncomingMessage,
  identified: { requestId: string; address: string },
): RequestFacts {
  return {
    requestId: identified.requestId,
    address: identified.address,
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

/** Removes credential headers from a verified request, so that no later code is tempted to use or forward them. */
export function removeHeaders(request: IncomingMessage, names: readonly string[]): void {
  for (const name of names) {
    if (!(name in request.headers)) continue;
    Reflect.deleteProperty(request.headers, name);
    const raw = request.rawHeaders;
    for (let index = raw.length - 2; index >= 0; index -= 2) {
      if (raw[index]?.toLowerCase() === name) raw.splice(index, 2);
    }
  }
}
