import { hostOnWire } from '#gatehouse/platform';

/**
 * Returns the canonical spelling of a recipient, for any spelling from the Todo API or an old link: the domain as
 * A-labels (RFC 5890 section 2.3.2.1) in lower case, because domains are case-insensitive (RFC 5321 section 2.4). The
 * part before the @ is up to its mail server and is unchanged.
 */
export function recipientOf(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + hostOnWire(address.slice(at)).toLowerCase();
}
