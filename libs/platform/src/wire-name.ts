import { domainToASCII } from 'node:url';

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/**
 * A host name as protocols carry it: A-labels in place of U-labels (RFC 5890 section 2.3.2.1), ASCII as it is. Text that is not
 * a host name stays as it is too, so that the resolver or the other side refuses it.
 */
export const hostOnWire = (host: string): string => (isAscii(host) ? host : domainToASCII(host) || host);

/**
 * An e-mail address as SMTP and mail headers carry it. Where the part before the @ is ASCII, A-labels make the whole of it
 * ASCII, so no server along the way needs SMTPUTF8 (RFC 5321 section 2.3.5, RFC 6531 section 3.2).
 */
export function addressOnWire(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  const local = address.slice(0, at);
  return isAscii(local) ? local + hostOnWire(address.slice(at)) : address;
}

/** Whether an address can be sent only where SMTPUTF8 is offered (RFC 6531). */
export const needsSmtpUtf8 = (address: string): boolean => !isAscii(addressOnWire(address));
