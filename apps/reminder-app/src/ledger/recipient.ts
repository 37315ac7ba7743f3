import { hostOnWire } from '#gatehouse/platform';

/**
 * Returns the one spelling of a recipient, for any spelling from the Todo API or an old link: the domain as A-labels
 * (RFC 5890 section 2.3.2.1) in small letters, because a domain has no case (RFC 5321 section 2.4). The part before the @
 * belongs to its mail server and stays as it is.
 */
export function recipientOf(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + hostOnWire(address.slice(at)).toLowerCase();
}
