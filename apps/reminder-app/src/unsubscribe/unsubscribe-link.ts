import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '#gatehouse/platform';
import { recipientOf } from '../ledger/recipient.js';

/** The unsubscribe links. Each is signed for one address, so that only we can create it. */
export class UnsubscribeLinks {
  /** `baseUrl` is the public URL of `reminder serve`; `key` signs. A new key invalidates all earlier links. */
  constructor(
    private readonly baseUrl: string,
    private readonly key: Secret,
  ) {}

  urlFor(recipient: string): string {
    const address = Buffer.from(recipient).toString('base64url');
    return `${this.baseUrl}/unsubscribe/${address}.${this.#signature(recipient).toString('base64url')}`;
  }

  /** Returns the recipient of the last segment of such a link; undefined if we did not sign it. */
  recipientOf(token: string): string | undefined {
    const [address = '', signature = ''] = token.split('.');
    const signed = Buffer.from(address, 'base64url').toString();
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#signature(signed);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    // A link may be older than the canonical spelling.
    return recipientOf(signed);
  }

  #signature(recipient: string): Buffer {
    return createHmac('sha256', this.key.reveal()).update(`unsubscribe ${recipient}`).digest();
  }
}
