/** A host name or IPv4 address with an optional port (RFC 9110 section 7.2); `_` occurs in names of containers. */
const form = /^(\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*)(?::\d{1,5})?$/;

/**
 * Returns the host of a Host header in lower case and without its port; undefined for anything else. A name that ends
 * with a dot is refused, because some proxies treat it as the same host and others do not.
 */
export const readHost = (text: string): string | undefined => form.exec(text)?.[1]?.toLowerCase();
