import { domainToASCII } from 'node:url';

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/**
 * Returns a host name as protocols carry it: A-labels in place of U-labels (RFC 5890 section 2.3.2.1), ASCII
 * unchanged. Text that is not a host name is unchanged too, so that the resolver or the other side refuses it.
 */
export const hostOnWire = (host: string): string => (isAscii(host) ? host : domainToASCII(host) || host);

/**
 * Returns an e-mail address as SMTP and mail headers carry it. If the part before the @ is ASCII, A-labels make all
 * of it ASCII, so that no server on the way needs SMTPUTF8 (RFC 5321 section 2.3.5, RFC 6531 section 3.2).
 */
export function addressOnWire(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  const local = address.slice(0, at);
  return isAscii(local) ? local + hostOnWire(address.slice(at)) : address;
}

/** Tells whether an address can be sent only to servers with SMTPUTF8 (RFC 6531). */
export const needsSmtpUtf8 = (address: string): boolean => !isAscii(addressOnWire(address));
