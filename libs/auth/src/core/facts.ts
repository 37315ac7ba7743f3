/** All that a strategy may know about a request. Every door makes it from its own kind of request. */
export interface RequestFacts {
  readonly requestId: string;
  /** The caller's IP address in its one spelling, without a port; empty where it is not known. */
  readonly address: string;
  /**
   * The address of the connection's other end: the nearest proxy where there is one. Undefined where a door has no
   * connection, or the other end has no IP address.
   */
  readonly peer?: string | undefined;
  readonly method: string;
  /** The path and query as received. */
  readonly url: string;
  /**
   * Every occurrence of a header, in order; `name` in lower case. Node keeps the first of a repeated Authorization and
   * drops the rest, while a proxy in front may have judged the last, so a strategy must see them all.
   */
  readonly header: (name: string) => readonly string[];
}

/**
 * Returns every value of a cookie in the request (RFC 6265 section 4.2.1). Written by hand: cookie parsers keep one of
 * two cookies of the same name, and differ in which.
 */
export const cookiesNamed = (request: RequestFacts, name: string): readonly string[] =>
  request
    .header('cookie')
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
