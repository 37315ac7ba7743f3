/**
 * A path of the characters that RFC 3986 appendix A allows there, and a query of visible ASCII, in which browsers
 * leave some that it does not. Servers may read a backslash as a slash, cut at `#`, or decode other bytes
 * differently.
 */
const originForm = /^\/[!$-;=@-[\]_a-z~]*(?:\?[!"$-~]*)?$/i;
/** A percent-encoded byte that is left after one decoding. */
const encodedTwice = /%[\da-f]{2}/i;

/**
 * Returns the percent-decoded segments of the path of `url`, a path with an optional query. Returns a sentence for
 * the client where two servers could see different paths: one that merges slashes, resolves dots, decodes `%2F`,
 * decodes twice or cuts parameters at `;` must see the same path as one that does not.
 */
export function readPath(url: string): readonly string[] | string {
  if (!originForm.test(url)) return 'The path must begin with a slash and consist of characters of a URI.';
  const [raw = ''] = url.split('?', 1);
  const segments = decoded(raw.slice(1).split('/'));
  if (!segments) return 'The path has a percent sign that is not followed by a valid encoding.';
  const odd = segments.some((segment, index) => isAmbiguous(segment, index === segments.length - 1));
  return odd
    ? 'The path is ambiguous: send it without empty and dot segments, semicolons, encoded separators and double encoding.'
    : segments;
}

function decoded(segments: readonly string[]): string[] | undefined {
  try {
    return segments.map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

function isAmbiguous(segment: string, isLast: boolean): boolean {
  if (segment === '') return !isLast;
  return segment === '.' || segment === '..' || /[/\\;\p{Cc}]/u.test(segment) || encodedTwice.test(segment);
}
