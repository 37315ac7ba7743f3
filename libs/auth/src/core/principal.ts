/** The user or machine that a verified credential belongs to. Its shape is the same for every strategy. */
export interface Principal {
  /** The `sub` of RFC 7519, or what stands for it in other strategies. Unique within (issuer, kind) only. */
  readonly subject: string;
  readonly issuer: string;
  /** A machine's subject never equals a user's by accident: they differ in kind (RFC 9700 section 4.15). */
  readonly kind: 'user' | 'machine';
  /** Name of the strategy that verified the credential. */
  readonly via: string;
  readonly tenantId?: string;
  /** Present only when the issuer vouches that it was verified. */
  readonly email?: string;
  /** IANA name or offset from UTC, as the issuer writes it (OpenID Connect `zoneinfo`); left out where it means nothing. */
  readonly timeZone?: string;
  readonly roles: readonly string[];
  /** The session that the credential belongs to (`sid`), where there is one: what a log-out ends. */
  readonly sessionId?: string;
  /** Names the credential in logs; never the credential itself. */
  readonly credentialId: string;
}
