/** A finished mail: the bytes that every attempt sends, and their addresses. */
export interface OutgoingMail {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
}

/**
 * The outcome of handing over a mail (RFC 5321 section 4.2.1 and 4.5.4). `later`: certainly not accepted, worth a
 * retry; `serverDown` if the cause is the server and not this mail. `refused`: certainly not accepted, and never will
 * be. `unknown`: handed over completely, but no reply came.
 */
export type Delivery =
  | { readonly kind: 'sent' }
  | { readonly kind: 'later'; readonly reason: string; readonly serverDown: boolean }
  | { readonly kind: 'refused' | 'unknown'; readonly reason: string };

export interface Mailer {
  /** Whether a mail that was already accepted may be handed over again without harm. */
  readonly idempotent: boolean;
  /**
   * Hands over a mail. Never throws because of the server's replies or their absence. May take many minutes; `stop`
   * makes it finish within seconds.
   */
  deliver(mail: OutgoingMail, stop: AbortSignal): Promise<Delivery>;
  /** Closes connections; the next mail opens a new one. */
  rest(): Promise<void>;
}
