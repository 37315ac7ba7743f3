/** A finished mail: the bytes that every attempt sends, and where they go. */
export interface OutgoingMail {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
}

/**
 * How handing over one mail ended (RFC 5321 section 4.2.1 and 4.5.4).
 * `later`: certainly not accepted, worth another attempt; `serverDown` when the server rather than this mail is the
 * reason. `refused`: certainly not accepted, and never will be. `unknown`: handed over whole, but no reply came.
 */
export type Delivery =
  | { readonly kind: 'sent' }
  | { readonly kind: 'later'; readonly reason: string; readonly serverDown: boolean }
  | { readonly kind: 'refused' | 'unknown'; readonly reason: string };

export interface Mailer {
  /** Giving it a mail again that it has already taken does no harm. */
  readonly idempotent: boolean;
  /** Never throws for what a server says or fails to say. May take many minutes; `stop` makes it end within seconds. */
  deliver(mail: OutgoingMail, stop: AbortSignal): Promise<Delivery>;
  /** Lets go of connections; the next mail opens a new one. */
  rest(): Promise<void>;
}
