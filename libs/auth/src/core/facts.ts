/** Everything that a strategy may know about a request. Each door builds it from the request of its framework. */
export interface RequestFacts {
  readonly requestId: string;
  /** The caller's IP address, normalized and without a port; empty if unknown. */
  readonly address: string;
  /**
   * The peer address of the connection: the nearest proxy, if there is one. Undefined where a door has no connection,
   * or the peer has no IP address.
   */
  readonly peer?: string | undefined;
  readonly method: string;
  /** The path and query as received. */
  readonly url: string;
  /**
   * Returns every occurrence of a header, in order; `name` is in lower case. Node keeps the first of a repeated
   * Authorization and drops the rest, while a proxy in front may have judged the last, so a strategy must see them
   * all.
   */
  readonly header: (name: string) => readonly string[];
}

/**
 * Returns every value of a cookie in the request (RFC 6265 section 4.2.1). Written by hand because cookie parsers
 * keep only one of two cookies with the same name, and differ in which.
 */
export const cookiesNamed = (request: RequestFacts, name: string): readonly string[] =>
  request
    .header('cookie')
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
