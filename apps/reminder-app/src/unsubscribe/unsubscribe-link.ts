import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '#gatehouse/platform';
import { recipientOf } from '../ledger/recipient.js';

/** The unsubscribe links: each is signed for one address, so only we can make it. */
export class UnsubscribeLinks {
  /** `baseUrl` is where people reach `reminder serve`; `key` signs. A new key invalidates all earlier links. */
  constructor(
    private readonly baseUrl: string,
    private readonly key: Secret,
  ) {}

  urlFor(recipient: string): string {
    const address = Buffer.from(recipient).toString('base64url');
    return `${this.baseUrl}/unsubscribe/${address}.${this.#signature(recipient).toString('base64url')}`;
  }

  /** The recipient that the last segment of such a link speaks for; undefined when it is not one of ours. */
  recipientOf(token: string): string | undefined {
    const [address = '', signature = ''] = token.split('.');
    const signed = Buffer.from(address, 'base64url').toString();
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#signature(signed);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    // A link may be older than the one spelling.
    return recipientOf(signed);
  }

  #signature(recipient: string): Buffer {
    return createHmac('sha256', this.key.reveal()).update(`unsubscribe ${recipient}`).digest();
  }
}
